using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Settings;

[Trait("Category", "Fast")]
public sealed class CommandLineTests
{
    [Fact]
    public void CommandLine_WhenEmpty_IsTheWholeHostOnTheUsualPort()
        => Assert.Equal(new LocalHostOptions { Port = 7071, Workers = Environment.ProcessorCount, Role = LocalRole.All }, CommandLine.Parse([]));

    [Theory]
    [InlineData("--port 8080")]
    [InlineData("--port=8080")]
    public void Port_WithASpaceOrAnEqualsSign_IsRead(string line)
        => Assert.Equal(8080, CommandLine.Parse(line.Split(' ')).Port);

    [Fact]
    public void Options_InAnyOrder_AreAllRead()
        => Assert.Equal(
            new LocalHostOptions { Port = 0, Workers = 0, Ephemeral = true, EnableAuth = true, Verbose = true, App = "out" },
            CommandLine.Parse(["--verbose", "--workers=0", "--ephemeral", "--port", "0", "--enable-auth", "--app=out"]));

    [Theory]
    [InlineData("front", nameof(LocalRole.Front))]
    [InlineData("worker", nameof(LocalRole.Worker))]
    public void Role_ByName_IsRead(string name, string role) => Assert.Equal(role, CommandLine.Parse(["--role", name]).Role.ToString());

    [Fact]
    public void Workers_OfAWorkerRole_AreAsManyAsAreGiven() => Assert.Equal(3, CommandLine.Parse(["--role", "worker", "--workers", "3"]).Workers);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_BeforeAMistake_IsHelp(string help) => Assert.True(CommandLine.Parse([help, "--nonsense"]).Help);

    [Theory]
    [InlineData("--port 70000", "--port is \"70000\": give a whole number from 0 to 65535; see --help.")]
    [InlineData("--port -1", "--port is \"-1\": give a whole number from 0 to 65535; see --help.")]
    [InlineData("--port=", "--port is \"\": give a whole number from 0 to 65535; see --help.")]
    [InlineData("--port", "--port has no value: give a number from 0 to 65535; see --help.")]
    [InlineData("--workers 2.5", "--workers is \"2.5\": give a whole number from 0 to 256; see --help.")]
    [InlineData("--workers 257", "--workers is \"257\": give a whole number from 0 to 256; see --help.")]
    [InlineData("--role back", "--role is \"back\": give front or worker, or leave it out for both; see --help.")]
    [InlineData("--ephemeral=no", "--ephemeral takes no value, and \"no\" was given: write --ephemeral alone; see --help.")]
    [InlineData("--prot 80", "\"--prot\" is not an option of LocalHost: check its spelling; see --help.")]
    [InlineData("8080", "\"8080\" is not an option of LocalHost: check its spelling; see --help.")]
    [InlineData("--app=", "--app is \"\": give the output folder of an app; see --help.")]
    [InlineData("--app", "--app has no value: give the output folder of an app; see --help.")]
    [InlineData("--role front --workers 2", "--workers says how many processes run queues and activities, and --role front runs none of these: leave one of the two out; see --help.")]
    [InlineData("--role worker --workers 0", "--workers is \"0\", and --role worker runs nothing but workers: give at least 1; see --help.")]
    public void Mistake_InTheCommandLine_IsNamedWithItsBoundAndRemedy(string line, string sentence)
    {
        var error = Assert.Throws<CannotStartException>(() => CommandLine.Parse(line.Split(' ')));

        Assert.Equal(sentence, error.Message);
        Assert.Equal(2, error.ExitCode);
    }

    [Fact]
    public void Help_FitsOnOneScreen()
    {
        var lines = CommandLine.Help.Split('\n');

        Assert.InRange(lines.Length, 10, 30);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }
}
