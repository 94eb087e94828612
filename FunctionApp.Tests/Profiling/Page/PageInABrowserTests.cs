using System.Text.Json;
using System.Text.RegularExpressions;
using Slowlane.Http;
using Slowlane.Profiling.Page;
using Xunit;

namespace Slowlane.Tests.Profiling.Page;

/// <summary>Saved pages, opened in a browser.</summary>
public sealed partial class PageInABrowserTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slowlane-page-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("</title></style><script>document.title='ran'</script>")]
    [InlineData("\"><svg onload=\"document.title='ran'\">")]
    [InlineData("'><img src=x onerror=document.title='ran'>")]
    [InlineData("plain")]
    public async Task Page_OfTextsThatAreMarkup_HasItsColumnsAndRunsNothing(string text)
    {
        Assert.SkipWhen(Browser.Path is null, "No Chromium is on the path.");

        var document = await OpenAsync($$"""{"rows":[{{{JsonSerializer.Serialize(text)}}:{{JsonSerializer.Serialize(text)}},"n":1},{"n":2}]}""");

        Assert.Contains("<title>Profile of rows</title>", document, StringComparison.Ordinal);
        Assert.Equal(2, Column().Count(document));
        Assert.Empty(Active().Matches(document));
    }

    [Fact]
    public async Task Page_OfSixteenHundredColumns_OpensWithAllOfThem()
    {
        Assert.SkipWhen(Browser.Path is null, "No Chromium is on the path.");

        var row = string.Join(',', Enumerable.Range(1, 1_600).Select(column => $"\"c{column}\":{column}"));
        var document = await OpenAsync($$"""{"rows":[{{{row}}}]}""");

        Assert.Equal(1_600, Column().Count(document));
    }

    private async Task<string> OpenAsync(string input)
    {
        var report = ProfileRun.Job.Compute(ProfileRun.Parse(input).Input, [], ProfileRun.Context());
        var file = Path.Combine(_folder, "page.html");
        await File.WriteAllBytesAsync(file, PageDocument.Write(ProfilePage.Of(report)), TestContext.Current.CancellationToken);

        var browser = await Browser.OpenAsync(file, _folder);

        Assert.Equal(0, browser.ExitCode);
        Assert.DoesNotContain("Content Security Policy", browser.Errors, StringComparison.Ordinal); // It applies the style, and has nothing to refuse.
        return browser.Output;
    }

    [GeneratedRegex("<details class=\"row\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Column();

    [GeneratedRegex("<(script|img|iframe|object|embed|link)|<[a-z]+ [^>]*\\bon[a-z]+=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Active();
}
