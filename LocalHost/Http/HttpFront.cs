using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Http;

/// <summary>
/// The Kestrel server on the loopback addresses of IPv4 and IPv6. It runs without the generic web host, which shortens the start and the path of a request.
/// </summary>
internal sealed class HttpFront(int port, HttpDispatcher dispatcher, ILoggerFactory loggers) : IDisposable
{
    private KestrelServer? _server;

    /// <summary>The port in use. It differs from the requested port if that was 0.</summary>
    public int Port { get; private set; }

    /// <exception cref="CannotStartException">The port is in use on one of the addresses.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = 100 << 20; // The platform's limit. The app's own limit is lower and responds first.
        using var sockets = LoopbackSockets.Listen(port);
        Port = sockets.Port;
        foreach (var address in sockets.Addresses)
        {
            kestrel.Listen(address);
        }

        var transport = new SocketTransportOptions { CreateBoundListenSocket = sockets.Take };
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(transport), loggers), loggers);
        await _server.StartAsync(dispatcher, cancellationToken);
    }

    /// <summary>Stops accepting requests and waits up to the limit for the running ones.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        await (_server?.StopAsync(late.Token) ?? Task.CompletedTask);
    }

    public void Dispose() => _server?.Dispose();
}
