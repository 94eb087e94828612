using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Slowlane.Tests.LocalHost.Http;

[Collection(TinyHostTests.Name)]
public sealed class RequestTests(TinyHost host)
{
    [Theory]
    [InlineData("GET", "/api/v2/items/7", 200, "details 7")]
    [InlineData("GET", "/api/v2/items/list", 200, "details list")] // "Details" comes before "List" by name.
    [InlineData("GET", "/API/V2/ITEMS/x", 200, "details x")]
    [InlineData("GET", "/api/v2/items/a%20b?c=d%20e", 200, "details a b?c=d%20e")]
    [InlineData("HEAD", "/api/v2/items/7", 404, "")]
    [InlineData("OPTIONS", "/api/v2/items/7", 404, "")]
    [InlineData("POST", "/api/v2/items/7", 404, "")]
    [InlineData("GET", "/api/v2/nothing", 404, "")]
    [InlineData("GET", "/api/items/7", 404, "")]
    [InlineData("GET", "/items/7", 404, "")]
    [InlineData("GET", "/admin/host/status", 404, "")]
    [InlineData("GET", "/runtime/webhooks/durabletask", 404, "")]
    [InlineData("GET", "/api/v2/number/12?extra=and", 200, "12 and")]
    [InlineData("GET", "/api/v2/number/twelve", 404, "")]
    [InlineData("GET", "/api/v2/Disabled", 404, "")]
    [InlineData("GET", "/api/v2/Fail", 500, "")]
    public async Task Request_IsAnsweredAsTheRealHostDoes(string method, string path, int status, string body)
        => Assert.Equal((status, body), await host.AskAsync(method, path));

    [Fact]
    public async Task Root_OfTheHost_SaysThatTheAppRuns()
    {
        var (status, page) = await host.AskAsync("GET", "/");

        Assert.Equal(200, status);
        Assert.Contains("The function app runs.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "PUT")]
    [InlineData("OPTIONS", "OPTIONS")]
    [InlineData("PURGE", "PURGE")]
    [InlineData("HEAD", "")]
    public async Task Function_WithoutARouteAndMethods_AnswersAllMethodsAtItsName(string method, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v2/own") { Headers = { { "x-functions-key", host.HostKey } } };
        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal((200, method.Length), ((int)response.StatusCode, (int)response.Content.Headers.ContentLength!));
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Function_ThatFailsAfterItsFirstBytes_BreaksTheConnectionOff()
        => await Assert.ThrowsAsync<HttpRequestException>(() => host.AskAsync("GET", "/api/v2/FailLate"));

    [Fact]
    public async Task Function_WithHttpRequestData_WorksWhereTheAppHasAspNetCore()
    {
        using var content = new StringContent("text", Encoding.UTF8, "text/plain");

        Assert.Equal((200, "data text"), await host.AskAsync("POST", $"/api/v2/Data?code={host.HostKey}", content));
    }

    [Fact]
    public async Task Headers_ReachTheFunctionAsTheyWere()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/headers");
        request.Headers.Host = "example.org";
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("x-ms-invocation-id", "forged");
        request.Headers.Add("x-many", ["a", "b"]);
        request.Headers.Add("x-long", new string('l', 20_000));

        using var response = await host.Client.SendAsync(request, Cancellation);

        var headers = await response.Content.ReadFromJsonAsync<Dictionary<string, string>>(Cancellation);
        Assert.Equal("example.org", headers!["HOST"]);
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", headers["TRACEPARENT"]);
        Assert.Equal(20_000, headers["X-LONG"].Length);
        Assert.Equal("a,b", headers["X-MANY"].Replace(" ", "", StringComparison.Ordinal));
        Assert.True(Guid.TryParse(headers["X-MS-INVOCATION-ID"], out _));
    }

    [Fact]
    public async Task Headers_LongerThanTheServerTakes_AreA431()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/headers") { Headers = { { "x-long", new string('l', 40_000) } } };

        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal(431, (int)response.StatusCode);
    }

    // Just below the limits of the front: what it adds itself is too much for the worker's server, which never calls the function.
    [Fact]
    public async Task Request_ThatOnlyTheWorkersServerRefuses_GetsItsAnswerWithoutTheFunctions()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/ready");
        for (var i = 0; i < 98; i++)
        {
            request.Headers.Add(string.Create(CultureInfo.InvariantCulture, $"x-{i}"), "1");
        }

        using var response = await host.Client.SendAsync(request, Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal(431, (int)response.StatusCode);
    }

    [Fact]
    public async Task Body_WithAChunkSizeThatNothingHas_IsTheCallersFault()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port, Cancellation);
        await socket.GetStream().WriteAsync("POST /api/v2/echo/whole HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n"u8.ToArray(), Cancellation);
        using var reader = new StreamReader(socket.GetStream());

        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync(Cancellation));
    }

    // HTTP clients, the host's own among them, take the method for a request of a tunnel.
    [Theory]
    [InlineData("/api/v2/choosy", "HTTP/1.1 405 Method Not Allowed", "POST, OPTIONS")]
    [InlineData("/api/v2/open", "HTTP/1.1 405 Method Not Allowed", "OPTIONS")]
    [InlineData("/api/v2/locked", "HTTP/1.1 401 Unauthorized", "")]
    [InlineData("/api/v2/items/7", "HTTP/1.1 404 Not Found", "")]
    public async Task Connect_IsRefusedWithTheMethodsThatThePathTakes(string path, string status, string allowed)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port, Cancellation);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(socket.GetStream());

        var lines = (await reader.ReadToEndAsync(Cancellation)).Split("\r\n");

        Assert.Equal(status, lines[0]);
        Assert.Equal(allowed, string.Concat(lines.Where(line => line.StartsWith("Allow: ", StringComparison.Ordinal)).Select(line => line["Allow: ".Length..])));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Host_AnswersAtBothAddressesOfThisMachine(string address)
    {
        using var response = await host.Client.GetAsync(new Uri($"http://{address}:{host.Client.BaseAddress!.Port}/api/v2/items/7"), Cancellation);

        Assert.Equal("details 7", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Connection_AskedToClose_IsClosedAfterTheAnswer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/ready") { Headers = { ConnectionClose = true } };

        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal((200, true), ((int)response.StatusCode, response.Headers.ConnectionClose));
    }

    [Theory]
    [InlineData("CONTAINER_NAME", "none for GET")]
    [InlineData("WEBSITE_INSTANCE_ID", "none for GET")]
    [InlineData("WEBSITE_SITE_NAME", "none for GET")]
    [InlineData("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")]
    [InlineData("AZURE_FUNCTIONS_ENVIRONMENT", "Development")]
    [InlineData("NO_PROXY", ".corp,localhost,127.0.0.1,[::1]")]
    [InlineData("no_proxy", ".corp,localhost,127.0.0.1,[::1]")]
    [InlineData("Tiny__Schedule", "* * * * * *")]
    public async Task Worker_HasTheSettingsAndNothingThatSpeaksOfAzure(string variable, string value)
        => Assert.Equal((200, value), await host.AskAsync("GET", $"/api/v2/variable/{variable}"));
}
