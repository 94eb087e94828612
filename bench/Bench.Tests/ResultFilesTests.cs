using Slowlane.Bench.Reports;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class ResultFilesTests
{
    [Fact]
    public async Task Files_OfTheShortForm_AreWrittenOnlyWhereItIsToldTo()
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-bench-").FullName;
        try
        {
            await ResultFiles.WriteAsync(null, isShort: true, Unwanted(), TestContext.Current.CancellationToken);
            await ResultFiles.WriteAsync(Path.Combine(folder, "new"), isShort: true, [("a.md", "text\n\n")], TestContext.Current.CancellationToken);

            Assert.Equal("text\n", await File.ReadAllTextAsync(Path.Combine(folder, "new", "a.md"), TestContext.Current.CancellationToken));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static IEnumerable<(string Name, string Text)> Unwanted()
        {
            Assert.Fail("Nothing is to be written.");
            yield break;
        }
    }

    [Fact]
    public void Markdown_OfParts_HasNoneThatAreEmptyAndKeepsItsCells()
    {
        var text = new MarkdownText("Title").Section("Empty", (string[])[]).List([]);

        text.Table(["", "a|b"], [["row", "1"]]).Section("Facts", [KeyValuePair.Create("day", "one")]);

        Assert.Equal("# Title\n\n|  | a\\|b |\n| --- | ---: |\n| row | 1 |\n\n## Facts\n\n- day: one\n", text.ToString());
    }
}
