using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Tests.Telemetry;

/// <summary>A collector that takes OTLP over HTTP and keeps what came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];
    private readonly WebApplication _server;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(TakeAsync);
    }

    public string Address => _server.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._server.StartAsync();
        return collector;
    }

    /// <summary>Returns once a signal came that holds these bytes.</summary>
    public Task ReceivesAsync(string path, byte[] bytes) => Eventually.HoldsAsync(
        () => _received.Any(signal => string.Equals(signal.Path, path, StringComparison.Ordinal) && signal.Body.AsSpan().IndexOf(bytes) >= 0),
        $"{path} with {Convert.ToHexString(bytes)}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _received.Enqueue((http.Request.Path, body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }
}
