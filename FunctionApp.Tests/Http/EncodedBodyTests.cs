using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class EncodedBodyTests : IAsyncLifetime
{
    private const string Input = """{"table":"movies"}""";

    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartFrontAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("/api/profile", Input)]
    [InlineData("/api/jobs/profile", Input)]
    [InlineData("/api/jobs/profile/batch", $"[{Input},{Input}]")]
    public async Task Submit_OfAnEncodedBody_IsAccepted(string path, string body)
    {
        foreach (var coding in (string[])["gzip", "x-gzip", "deflate", "br", "gzip, br", "deflate, gzip, br"])
        {
            using var response = await SendAsync(path, coding, Encoded.As(coding, body));
            Assert.Equal((coding, HttpStatusCode.Accepted), (coding, response.StatusCode));
        }
    }

    [Fact]
    public async Task Submit_OfABodyUnderNoCoding_IsAccepted()
    {
        using var response = await SendAsync("/api/profile", "identity", Encoding.UTF8.GetBytes(Input));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Submit_SentEncodedAndPlainUnderOneKey_IsOneJob()
    {
        using var plain = await SendAsync("/api/profile", "identity", Encoding.UTF8.GetBytes(Input), "a-key-of-this-test");
        using var encoded = await SendAsync("/api/profile", "gzip", Encoded.As("gzip", Input), "a-key-of-this-test");
        using var other = await SendAsync("/api/profile", "gzip", Encoded.As("gzip", """{"table":"others"}"""), "a-key-of-this-test");

        Assert.NotNull(plain.Headers.Location);
        Assert.Equal(plain.Headers.Location, encoded.Headers.Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("br", 300)]
    [InlineData("deflate", 300)]
    public async Task Submit_OfABodyThatExpandsBeyondTheMaximum_IsTooLarge(string coding, int mebibytes)
        => await AssertProblemAsync(await SendAsync("/api/profile", coding, [.. Encoded.Zeros(coding, mebibytes), .. Encoded.As("gzip", "more")]), 413, "too-large");

    [Fact]
    public async Task Submit_OfABodyWhoseInnerDataExpandsBeyondTheMaximum_IsTooLarge()
        => await AssertProblemAsync(await SendAsync("/api/profile", "gzip, gzip, gzip", Encoded.As("gzip,gzip", Encoded.Zeros("gzip", 300))), 413, "too-large");

    [Fact]
    public async Task Submit_OfABodyThatIsTooLargeWhileItIsEncoded_IsTooLarge()
    {
        var data = new byte[2 << 20];
        new Random(1).NextBytes(data);

        await AssertProblemAsync(await SendAsync("/api/profile", "gzip", Encoded.As("gzip", data)), 413, "too-large");
    }

    [Fact]
    public async Task Submit_OfAMebibyteThatGrowsWhenItIsEncoded_IsAccepted()
    {
        var text = Convert.ToBase64String(new byte[700_000].Select((_, i) => (byte)(i * i * 31)).ToArray());
        var body = Encoded.As("gzip,gzip,gzip", $$"""{"rows":[{"text":"{{text}}"}]}""");

        using var response = await SendAsync("/api/profile", "gzip,gzip,gzip", body);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Theory]
    [InlineData("gzip", "The body is not whole gzip data; ")]
    [InlineData("deflate", "The body is not whole zlib data; ")]
    [InlineData("br", "The body is not whole brotli data; ")]
    public async Task Submit_OfABodyThatEndsTooEarly_IsToldSo(string coding, string sentence)
    {
        var problem = await AssertProblemAsync(await SendAsync("/api/profile", coding, Encoded.As(coding, Input)[..^1]), 400, "broken-coding");

        Assert.StartsWith(sentence, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "The body has bytes behind the end of its gzip data; ")]
    [InlineData("deflate", "The body has bytes behind the end of its zlib data; ")]
    [InlineData("br", "The body has bytes behind the end of its brotli data; ")]
    public async Task Submit_OfABodyThatOtherBytesFollow_IsToldSo(string coding, string sentence)
    {
        var problem = await AssertProblemAsync(await SendAsync("/api/profile", coding, [.. Encoded.As(coding, Input), 10]), 400, "broken-coding");

        Assert.StartsWith(sentence, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zstd", "gzip, deflate, br")]
    [InlineData("gzip, gzip, gzip, gzip, gzip", "gzip, deflate, br")]
    public async Task Submit_OfABodyUnderAnotherCoding_IsToldWhichAreRead(string coding, string accepted)
    {
        using var response = await SendAsync("/api/profile", coding, Encoding.UTF8.GetBytes(Input));

        Assert.Equal(accepted, Assert.Single(response.Headers.GetValues("Accept-Encoding")));
        await AssertProblemAsync(response, 415, "unknown-coding");
    }

    // Accept-Encoding would say that the coding is at fault (RFC 9110, section 12.5.3).
    [Theory]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=utf-8; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("text/plain")]
    public async Task Submit_OfAnotherMediaTypeOrCharset_IsNotBlamedOnTheCoding(string media)
    {
        using var content = new ByteArrayContent(Encoding.Unicode.GetBytes(Input));
        content.Headers.TryAddWithoutValidation("Content-Type", media);

        using var response = await _app.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);

        Assert.False(response.Headers.Contains("Accept-Encoding"));
        await AssertProblemAsync(response, 415, "not-json-media");
    }

    [Theory]
    [InlineData(Input, 202)]
    [InlineData("", 400)]
    public async Task Submit_OfABodyWithAByteOrderMark_IsReadWithoutIt(string body, int status)
    {
        byte[] data = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(body)];
        using var plain = await SendAsync("/api/profile", "identity", data);
        using var encoded = await SendAsync("/api/profile", "gzip", Encoded.As("gzip", data));

        Assert.Equal((status, status), ((int)plain.StatusCode, (int)encoded.StatusCode));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string coding, byte[] body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _app.Client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string problem)
    {
        using (response)
        {
            Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            var document = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.Equal($"urn:slowlane:problem:{problem}", document.GetProperty("type").GetString());
            return document;
        }
    }
}
