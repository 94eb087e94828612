using Slowlane.Bench.Commands;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class CommandTests
{
    private static readonly Command<Options> Command = new(
        "bench",
        "Measures",
        "Ends.",
        [
            new("--runs N", "rounds", (options, value) => options with { Runs = value.Number(1, 9) }),
            new("--out FOLDER", "where to write", (options, value) => options with { Out = value.Text }),
            new("--only A,B", "parts", (options, value) => options with { Only = value.Choose(["one", "two", "three"], part => part) }),
            new("--short", "few", (options, _) => options with { Runs = 1 }),
        ],
        (options, _) => Task.FromResult(options.Runs));

    public static TheoryData<string[], string> Wrong => new()
    {
        { ["--runs", "0"], "--runs is '0'; choose a whole number from 1 to 9." },
        { ["--runs", "10"], "--runs is '10'; choose a whole number from 1 to 9." },
        { ["--runs", "+1"], "--runs is '+1'; choose a whole number from 1 to 9." },
        { ["--runs", "1", "--runs"], "--runs has no value." },
        { ["--speed", "a"], "'--speed' is not an option of bench; choose from --runs, --out, --only, --short." },
        { ["--speed", "a", "--runs"], "'--speed' is not an option of bench; choose from --runs, --out, --only, --short." }, // The first that is wrong.
        { ["--only", "two,four"], "--only is 'four'; choose from one, two, three." },
    };

    [Fact]
    public void Options_WithASwitchBetween_AreAppliedInTheirOrder()
    {
        Assert.Equal((3, "--short"), Parse("--short", "--runs", "3", "--out", "--short"));
        Assert.Equal((1, "a"), Parse("--runs", "3", "--short", "--out", "a"));

        static (int Runs, string Out) Parse(params string[] args) => Command.Parse(args) is var options ? (options.Runs, options.Out) : default;
    }

    [Fact]
    public void Items_OfAList_AreValuesOfItsOption() => Assert.Equal([new("--rows", "1"), new("--rows", "2")], new OptionValue("--rows", "1, 2").Items());

    [Fact]
    public void Choice_OfSeveral_HasTheOrderInWhichTheyAreKnown() => Assert.Equal(["one", "three"], Command.Parse(["--only", "three,one"]).Only);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("9", 9)]
    public void Number_WithinItsBounds_IsTaken(string text, int expected) => Assert.Equal(expected, new OptionValue("--runs", text).Number(1, 9));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_OfWhichOneIsWrong_AreRefusedWithTheRemedy(string[] args, string sentence)
        => Assert.Equal(sentence, Assert.Throws<FormatException>(() => Command.Parse(args)).Message);

    [Fact]
    public void Command_ThatIsUnknown_IsRefusedWithTheKnownOnes()
        => Assert.Equal("'benhc' is not a command; choose from bench.", Assert.Throws<FormatException>(() => CommandRunner.Find("benhc", [Command])).Message);

    [Fact]
    public void Condition_ThatDoesNotHold_IsRefusedBeforeTheRun()
    {
        var command = new Command<Options>("bench", "Measures", "Ends.", [], (_, _) => Task.FromResult(0))
        {
            Requires = _ => throw new FormatException("Linux"),
        };

        Assert.Equal("Linux", Assert.Throws<FormatException>(() => command.Read([])).Message);
    }

    private sealed record Options
    {
        public int Runs { get; init; }

        public string Out { get; init; } = "";

        public IReadOnlyList<string> Only { get; init; } = [];
    }
}
