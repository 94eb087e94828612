using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Workers;
using Xunit;

namespace Slowlane.Tests.LocalHost.Workers;

[Trait("Category", "Fast")]
public sealed class WorkerCommandTests
{
    [Theory]
    [InlineData(null, "of the host")]
    [InlineData("", "of the host")]
    [InlineData(" ", "of the host")]
    [InlineData("of the environment", "of the environment")]
    public void Variable_OfTheEnvironment_CountsUnlessItIsBlank(string? own, string expected)
    {
        var name = "SLOWLANE_TEST_" + Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(name, own);

        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { [name] = "of the host" };
        var start = new WorkerCommand(AppFolder.Open(TinyApp.Folder), new Uri("http://127.0.0.1:1"), settings, IsPolite: false).StartInfo("worker");

        Environment.SetEnvironmentVariable(name, null);
        Assert.Equal(expected, start.Environment[name]);
    }
}
