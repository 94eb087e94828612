using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Bench.Compare.Load;
using Slowlane.Bench.Compare.Processes;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class DriverTests
{
    public static TheoryData<string> Responses =>
    [
        "HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nabcde",
        "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n3\r\n0\r\n\r\n0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Responses))]
    public void Response_InPieces_IsWholeAtItsLastByte(string response)
    {
        var reader = new ResponseReader();
        var bytes = Encoding.ASCII.GetBytes(response);

        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(i == bytes.Length - 1, reader.Read(bytes.AsSpan(i, 1)));
        }

        Assert.Equal(202, reader.Status);
    }

    [Theory]
    [InlineData("INFO:     Uvicorn running on http://127.0.0.1:40001 (Press CTRL+C to quit)", "Uvicorn running on ", 40001)]
    [InlineData("        HealthLive:  [ANY]  http://localhost:40002/api/health/live", "HealthLive: [ANY] ", 40002)]
    [InlineData("INFO:     Started server process", "Uvicorn running on ", null)]
    public void Address_InALine_IsFound(string line, string words, int? port) => Assert.Equal(port, Server.AddressIn(line, words)?.Port);

    [Fact]
    public async Task Driver_OfSeveralFlows_SendsEachRequestOnceAndTellsItsOwnDelay()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The driver needs Linux.");
        }

        await using var server = await ServeAsync();
        var closed = Flow.Closed(clients: 2, count: 50, _ => Requests.Get("/"));
        var paced = Flow.Paced(TimeSpan.FromMilliseconds(5), count: 20, job => Requests.Job("/", "b", Slow(job), TimeSpan.Zero));

        await Driver.RunAsync(AddressOf(server), TestContext.Current.CancellationToken, closed, paced);

        Assert.Equal(Enumerable.Range(0, 50), closed.Accepted.Order());
        Assert.Equal(Enumerable.Range(0, 20), paced.Accepted.Order());
        Assert.All(paced.Samples, sample => Assert.True(sample.Latency >= sample.Lag));
        Assert.True(paced.Samples.Single(sample => sample.Number == 6).Lag >= TimeSpan.FromMilliseconds(90));

        static int Slow(int job)
        {
            Thread.Sleep(job == 5 ? 100 : 0); // The driver itself is held up: request 6 goes out 95 ms late.
            return job;
        }
    }

    [Fact]
    public async Task Request_ToNobody_IsASampleWithoutAStatus()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The driver needs Linux.");
        }

        var flow = Flow.Burst(3, _ => Requests.Get("/"));

        await Driver.RunAsync(new IPEndPoint(IPAddress.Loopback, 1), TestContext.Current.CancellationToken, flow);

        Assert.Equal([0, 0, 0], flow.Samples.Select(sample => sample.Status));
        Assert.Empty(flow.Accepted);
    }

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static IPEndPoint AddressOf(WebApplication server) => new(IPAddress.Loopback, new Uri(server.Urls.Single()).Port);
}
