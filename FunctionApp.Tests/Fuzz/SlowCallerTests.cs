using System.Net;
using System.Net.Sockets;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Fuzz;

public sealed class SlowCallerTests
{
    [Theory]
    [InlineData("POST /api/jobs/spin HTTP/1.1\r\nHost: localhost\r\nX-A")]
    [InlineData("POST /api/jobs/spin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"id\"")]
    public async Task Requests_ThatStopHalfWayInTheirHundreds_HoldNobodyUp(string start)
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => BeginAsync(app.Client.BaseAddress!.Port, start)));
        try
        {
            Assert.NotEmpty(await app.SubmitAsync("spin", """{"id":1}"""));
            using var ready = await app.GetAsync("/api/health/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("/api/jobs/spin")]
    [InlineData("/api/jobs/spin/batch")]
    [InlineData("/api/profile")]
    public async Task Request_WhoseBodyIsCutOffByTheStop_IsToldThatNothingIsPromisedAndToComeBack(string path)
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        using var client = await BeginAsync(
            app.Client.BaseAddress!.Port, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
        using var answer = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 100 Continue", await answer.ReadLineAsync(Cancellation)); // The app waits for the body.
        await client.GetStream().WriteAsync("{\"id\""u8.ToArray(), Cancellation);

        var stopped = app.StopAsync();

        var head = new List<string>();
        while (head.Count < 2 || head[^1].Length > 0)
        {
            head.Add((await answer.ReadLineAsync(Cancellation))!);
        }

        client.Dispose(); // The server would wait for the rest.
        await stopped;
        Assert.Contains("HTTP/1.1 503 Service Unavailable", head, StringComparer.Ordinal);
        Assert.Contains("Retry-After: 5", head, StringComparer.Ordinal);
    }

    private static async Task<TcpClient> BeginAsync(int port, string start)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(start), Cancellation);
        return client;
    }
}
