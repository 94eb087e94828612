using Slowlane.Http;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class EntityTagTests
{
    [Theory]
    [InlineData("*", true)]
    [InlineData("\"a\"", true)]
    [InlineData("W/\"a\"", true)]
    [InlineData("\"b\", \"a\"", true)]
    [InlineData("\"b\", W/\"a\" , \"c\"", true)]
    [InlineData("\"b\"", false)]
    [InlineData("\"A\"", false)]
    [InlineData("\"a,b\"", false)]
    [InlineData("a", false)]
    [InlineData("", false)]
    [InlineData("\"a\", nonsense", false)]
    public void Condition_IsComparedWeakly(string ifNoneMatch, bool matches) => Assert.Equal(matches, EntityTag.Matches([ifNoneMatch], "\"a\""));

    [Fact]
    public void Condition_InSeveralHeaders_IsOneList() => Assert.True(EntityTag.Matches(["\"b\"", "\"a\""], "\"a\""));

    [Fact]
    public void Condition_ThatIsMissing_MatchesNothing() => Assert.False(EntityTag.Matches([], "\"a\""));

    [Fact]
    public void Tag_OfOtherBytes_IsAnother()
    {
        Assert.Equal(EntityTag.Of("a"u8), EntityTag.Of("a"u8));
        Assert.NotEqual(EntityTag.Of("a"u8), EntityTag.Of("b"u8), StringComparer.Ordinal);
        Assert.Matches("^\"[A-Za-z0-9_-]{22}\"$", EntityTag.Of("a"u8));
    }
}
