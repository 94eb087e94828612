using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slowlane.Http;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("\"8e03978e-40d5\"", "8e03978e-40d5")]
    [InlineData("\"a \\\"quoted\\\" \\\\ one\"", "a \"quoted\" \\ one")]
    [InlineData("a b; c = d~!", "a b; c = d~!")]
    [InlineData("\"a, b; c = d~!\"", "a, b; c = d~!")]
    public void Key_IsTakenWithOrWithoutTheDraftsQuotes(string header, string key)
    {
        Assert.True(IdempotencyKey.TryRead(Request(header), out var read, out _));
        Assert.Equal(key, read);
    }

    [Theory]
    [InlineData("1234567", "7 characters; send 8 to 255")]
    [InlineData("\"1234567\"", "7 characters; send 8 to 255")]
    [InlineData("", "0 characters")]
    [InlineData("kéy-kéy-kéy", "not printable ASCII")]
    [InlineData("tab\tin-the-middle", "not printable ASCII")]
    [InlineData("12345678,87654321", "a comma")]
    [InlineData("12345678, 87654321", "a comma")]
    [InlineData("\"unterminated", "both quotes")]
    [InlineData("\"12345678\", \"12345678\"", "both quotes")]
    [InlineData("\"12345678\";a=1", "both quotes")]
    [InlineData("\"12345678\\x\"", "both quotes")]
    public void Key_ThatIsNone_IsRefusedWithItsBounds(string header, string fault)
    {
        Assert.False(IdempotencyKey.TryRead(Request(header), out _, out var said));
        Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_IsRefusedOverItsLengthAndWhenSentTwice()
    {
        Assert.True(IdempotencyKey.TryRead(Request(new string('k', 255)), out _, out _));
        Assert.False(IdempotencyKey.TryRead(Request(new string('k', 256)), out _, out _));
        Assert.False(IdempotencyKey.TryRead(Request(new StringValues(["12345678", "12345678"])), out _, out var fault));
        Assert.Equal("Idempotency-Key was sent 2 times; send it once.", fault);
    }

    [Fact]
    public void Key_ThatIsMissing_IsNoFault()
    {
        Assert.True(IdempotencyKey.TryRead(new DefaultHttpContext().Request, out var key, out _));
        Assert.Null(key);
    }

    [Fact]
    public void Name_IsOfCallerTypeAndKey()
    {
        var names = new[]
        {
            IdempotencyKey.NameOf(Call(null, null), "spin", "12345678"),
            IdempotencyKey.NameOf(Call(null, null), "spin1", "2345678"),
            IdempotencyKey.NameOf(Call("secret", null), "spin", "12345678"),
            IdempotencyKey.NameOf(Call("secret2", null), "spin", "12345678"),
        };

        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Matches("^[0-9a-f]{64}$", name));
        Assert.Equal(names[2], IdempotencyKey.NameOf(Call(null, "?code=secret"), "spin", "12345678"));
    }

    private static HttpRequest Request(StringValues header)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["Idempotency-Key"] = header;
        return request;
    }

    private static HttpRequest Call(string? header, string? query)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["x-functions-key"] = header;
        request.QueryString = new QueryString(query);
        return request;
    }
}
