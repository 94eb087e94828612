using Microsoft.Extensions.Primitives;
using Slowlane.Http;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class ContentCodingsTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("identity")]
    [InlineData("gzip", ContentCoding.Gzip)]
    [InlineData("X-GZip", ContentCoding.Gzip)]
    [InlineData("deflate", ContentCoding.Deflate)]
    [InlineData("BR", ContentCoding.Brotli)]
    [InlineData("gzip, br", ContentCoding.Brotli, ContentCoding.Gzip)] // The last one was applied last.
    [InlineData("gzip,,identity ,deflate", ContentCoding.Deflate, ContentCoding.Gzip)]
    [InlineData("gzip, gzip, gzip, gzip", ContentCoding.Gzip, ContentCoding.Gzip, ContentCoding.Gzip, ContentCoding.Gzip)]
    public void Codings_AreUndoneFromTheLastToTheFirst(string header, params object[] codings)
    {
        var (read, fault) = ContentCodings.Read(header);

        Assert.Null(fault);
        Assert.Equal(codings.Cast<ContentCoding>(), read);
    }

    [Fact]
    public void Codings_OfSeveralLines_AreOneList()
        => Assert.Equal([ContentCoding.Deflate, ContentCoding.Brotli, ContentCoding.Gzip], ContentCodings.Read(new StringValues(["gzip, br", "deflate"])).Codings);

    [Theory]
    [InlineData("zstd", "The Content-Encoding is 'zstd'; send one of gzip, deflate, br, or the body as it is.")]
    [InlineData("gzip, compress", "The Content-Encoding is 'compress'; send one of gzip, deflate, br, or the body as it is.")]
    [InlineData("gzip;q=1", "The Content-Encoding is 'gzip;q=1'; send one of gzip, deflate, br, or the body as it is.")]
    [InlineData("gzip,gzip,gzip,gzip,gzip", "The Content-Encoding has 5 codings; the most is 4, compress the body once.")]
    [InlineData("identity,identity,identity,identity,identity", "The Content-Encoding has 5 codings; the most is 4, compress the body once.")]
    public void Codings_ThatAreNotRead_AreNamed(string header, string sentence) => Assert.Equal(sentence, ContentCodings.Read(header).Fault);
}
