using Slowlane.Bench.Partitions;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class PartitionsTests
{
    public static TheoryData<string[], string> Wrong => new()
    {
        { ["--runs", "0"], "--runs is '0'; choose a whole number from 1 to 100." },
        { ["--rows", "many"], "--rows is 'many'; choose a whole number from 1 to 100000000." },
        { ["--partitions", "65"], "--partitions is '65'; choose a whole number from 1 to 64." },
        { ["--rows"], "--rows has no value." },
        { ["--parts", "4"], "'--parts' is not an option of partitions; choose from --rows, --partitions, --runs." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_OfWhichOneIsWrong_AreRefusedWithTheRemedy(string[] args, string sentence)
        => Assert.Equal(sentence, Assert.Throws<FormatException>(() => PartitionsCommand.Command.Parse(args)).Message);

    [Fact]
    public void Options_ThatAreGiven_TakeThePlaceOfTheirDefaults()
    {
        Assert.Equal(new PartitionsOptions { Rows = 200_000, Partitions = 4, Runs = 1 }, PartitionsCommand.Command.Parse(["--rows", "200000", "--runs", "1"]));
        Assert.Equal(8, PartitionsCommand.Command.Parse(["--partitions", "8"]).Partitions);
    }

    [Theory]
    [InlineData(0, "front killed: written 0 times instead of once")]
    [InlineData(1, "")]
    [InlineData(2, "front killed: written 2 times instead of once")]
    public void Profile_NotWrittenOnce_IsAFault(long times, string fault) => Assert.Equal(fault, string.Concat(Written.NotOnce("front killed", times)));
}
