using Slowlane.Http;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class PagePreferenceTests
{
    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", true)] // A browser.
    [InlineData("*/*", false)] // curl, and most clients.
    [InlineData("application/json, text/plain, */*", false)]
    [InlineData("application/json, text/html", false)]
    [InlineData("application/json;q=0.5, text/html", true)]
    [InlineData("text/*", true)]
    [InlineData("text/html;q=0, */*", false)]
    [InlineData("text/html;q=0", false)]
    [InlineData("TEXT/HTML", true)]
    [InlineData("text/html, /", false)] // Can't be parsed.
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Page_IsPreferred_WhereItsQualityIsHigher(string? accept, bool isPage)
        => Assert.Equal(isPage, PagePreference.IsPage(accept is null ? [] : [accept]));
}
