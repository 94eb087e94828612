using Slowlane.Bench;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class OptionTests
{
    public static TheoryData<string[], string> Wrong => new()
    {
        { ["--runs", "0"], "--runs is '0'; choose a whole number from 1 to 9." },
        { ["--runs", "10"], "--runs is '10'; choose a whole number from 1 to 9." },
        { ["--runs", "+1"], "--runs is '+1'; choose a whole number from 1 to 9." },
        { ["--runs", "1", "--runs"], "--runs has no value." },
        { ["--out", "a"], "'--out' is not an option of the bench; see --help." },
        { ["--out", "a", "--runs"], "'--out' is not an option of the bench; see --help." }, // The first that is wrong.
    };

    [Fact]
    public void Options_WithASwitchBetween_KeepTheirValuesAndOrder()
        => Assert.Equal([new("--runs", "3"), new("--short", ""), new("--out", "--short")], Option.Read(["--runs", "3", "--short", "--out", "--short"], "--short"));

    [Fact]
    public void Items_OfAList_AreOptionsOfItsName() => Assert.Equal([new("--rows", "1"), new("--rows", "2")], new Option("--rows", "1,2").Items());

    [Theory]
    [InlineData("1", 1)]
    [InlineData("9", 9)]
    public void Number_WithinItsBounds_IsTaken(string text, int expected) => Assert.Equal(expected, new Option("--runs", text).Number(1, 9));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_OfWhichOneIsWrong_AreRefusedWithTheRemedy(string[] args, string sentence)
        => Assert.Equal(sentence, Assert.Throws<FormatException>(() => Runs(args)).Message);

    private static int[] Runs(string[] args)
        => [.. Option.Read(args).Select(option => option.Name is "--runs" ? option.Number(1, 9) : throw option.Unknown("the bench"))];
}
