using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class SubmitTests : IAsyncLifetime
{
    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartFrontAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Submit_OfAGoodInput_IsAcceptedWithLocationAndStatus()
    {
        using var response = await _app.PostAsync("/api/profile", """{"table":"pg_catalog.pg_proc"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        var status = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var id = status.GetProperty("id").GetString();
        Assert.Equal($"/api/jobs/{id}", response.Headers.Location?.OriginalString);
        Assert.Equal($"/api/jobs/{id}", status.GetProperty("links").GetProperty("self").GetString());
        Assert.Equal($"/api/jobs/{id}/result", status.GetProperty("links").GetProperty("result").GetString());
        Assert.Equal(("profile", "queued", 0), (status.GetProperty("type").GetString(), status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
    }

    [Fact]
    public async Task Submit_SendsOneMessageWithTheInput()
    {
        await _app.SubmitAsync("spin", """{ "id": 1, "batch": "b" }""");

        var message = Assert.Single((await Queue().ReceiveMessagesAsync(10, cancellationToken: Cancellation)).Value);
        var envelope = Messages.One(message.Body.ToString());
        Assert.Equal("""{"id":1,"batch":"b"}""", envelope.Input);
    }

    [Fact]
    public async Task Submit_OfAnInputOverTheMessageLimit_GoesThroughABlob()
    {
        var location = await _app.SubmitAsync("profile", $$"""{"rows":[{"text":"{{new string('x', 60_000)}}"}]}""");

        var message = Assert.Single((await Queue().ReceiveMessagesAsync(10, cancellationToken: Cancellation)).Value);
        var envelope = Messages.One(message.Body.ToString());
        Assert.Null(envelope.Input);
        var blob = new BlobContainerClient(_app.Storage, "slowlane-inputs").GetBlobClient(envelope.Blob);
        Assert.Contains("xxxx", (await blob.DownloadContentAsync(Cancellation)).Value.Content.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(envelope.Id.ToString(), location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 400, "not-json")]
    [InlineData("{", 400, "not-json")]
    [InlineData("""{"table":"a","table":"b"}""", 400, "not-json")]
    [InlineData("hello", 400, "not-json")]
    [InlineData("[]", 422, "invalid-input")]
    [InlineData("7", 422, "invalid-input")]
    [InlineData("null", 422, "invalid-input")]
    [InlineData("{}", 422, "invalid-input")]
    [InlineData("""{"table":7}""", 422, "invalid-input")]
    [InlineData("""{"table":"a","rows":[]}""", 422, "invalid-input")]
    [InlineData("""{"table":"a","top":-1}""", 422, "invalid-input")]
    [InlineData("""{"table":"a","bins":1e999}""", 422, "invalid-input")]
    [InlineData("""{"table":"a","colums":["x"]}""", 422, "invalid-input")]
    [InlineData("""{"table":"a\u0000b"}""", 422, "invalid-input")]
    [InlineData("""{"table":"\ud800"}""", 422, "invalid-input")]
    public async Task Submit_OfABadBody_IsRefusedWithAProblem(string body, int status, string problem)
    {
        using var response = await _app.PostAsync("/api/profile", body);

        await AssertProblemAsync(response, status, problem);
        Assert.False((await Queue().ExistsAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task Submit_WithSeveralFaults_NamesEveryField()
    {
        using var response = await _app.PostAsync("/api/jobs/spin", """{"id":0,"batch":7,"spin_ms":-1,"color":"red"}""");

        var errors = (await AssertProblemAsync(response, 422, "invalid-input")).GetProperty("errors");
        Assert.Equal(["batch", "color", "id", "spin_ms"], errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal("'id' is 0; send a whole number from 1 to 1000.", errors.GetProperty("id")[0].GetString());
    }

    [Fact]
    public async Task Submit_OfInvalidUtf8_IsRefused()
    {
        using var content = new ByteArrayContent([.. "{\"table\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await _app.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);

        await AssertProblemAsync(response, 400, "not-json");
    }

    [Fact]
    public async Task Submit_NestedTooDeep_IsRefused()
    {
        using var response = await _app.PostAsync("/api/profile", new string('[', 5000) + new string(']', 5000));

        await AssertProblemAsync(response, 400, "not-json");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Submit_OfAnotherMediaType_IsRefused(string media)
    {
        using var content = new StringContent("""{"table":"a"}""", Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(media);

        using var response = await _app.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);

        await AssertProblemAsync(response, 415, "not-json-media");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_OverOneMebibyte_IsRefusedWithOrWithoutItsLength(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/profile", UriKind.Relative))
        {
            Content = new StringContent($$"""{"table":"{{new string('x', 1024 * 1024)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await _app.Client.SendAsync(request, Cancellation);

        await AssertProblemAsync(response, 413, "too-large");
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\n{}more\r\n0\r\n\r\n")]
    public async Task Submit_WhoseChunksAreMalformed_IsRefused(string rest)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_app.Client.BaseAddress!.Host, _app.Client.BaseAddress.Port, Cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/profile HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{rest}"), Cancellation);

        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync(Cancellation));
    }

    [Fact]
    public async Task Submit_OfThousandsOfUnknownFields_IsAnsweredInBrief()
    {
        using var response = await _app.PostAsync("/api/profile", "{" + string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"{i}{new string('k', 5)}\":1")) + "}");

        var errors = (await AssertProblemAsync(response, 422, "invalid-input")).GetProperty("errors");
        Assert.True(errors.ToString().Length < 20_000);
        Assert.Contains("There are more errors than the 50 told here", errors.GetProperty("").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_OfAFieldWithAnEndlessName_IsAnsweredInBrief()
    {
        using var response = await _app.PostAsync("/api/profile", $$"""{"{{new string('k', 900_000)}}":1}""");

        Assert.True((await AssertProblemAsync(response, 422, "invalid-input")).ToString().Length < 2000);
    }

    [Fact]
    public async Task Submit_OfAnUnknownType_NamesTheKnownOnes()
    {
        using var response = await _app.PostAsync("/api/jobs/juggle", "{}");

        var problem = await AssertProblemAsync(response, 404, "unknown-type");
        Assert.Equal($"'juggle' is not a job type of this app; known: {_app.KnownTypes}.", problem.GetProperty("detail").GetString());
    }

    private QueueClient Queue() => new(_app.Storage, "jobs", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string problem)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var document = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal($"urn:slowlane:problem:{problem}", document.GetProperty("type").GetString());
        Assert.NotEmpty(document.GetProperty("detail").GetString()!);
        return document;
    }
}
