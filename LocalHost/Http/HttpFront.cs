using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Http;

/// <summary>ASP.NET Core's server on the loopback interface. Started bare, without the web host around it: that keeps the start short and the request's path too.</summary>
internal sealed class HttpFront(int port, HttpDispatcher dispatcher, ILoggerFactory loggers) : IDisposable
{
    private KestrelServer? _server;

    /// <summary>The port in use, whatever port was asked for.</summary>
    public int Port { get; private set; }

    /// <exception cref="CannotStartException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = 100 << 20; // The platform's; the app's own limit answers below it.
        kestrel.Listen(IPAddress.Loopback, port);
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
        try
        {
            await _server.StartAsync(dispatcher, cancellationToken);
        }
        catch (IOException)
        {
            throw Reachability.InUse(port);
        }

        Port = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    /// <summary>Stops taking requests and waits for those that run, for as long as it may.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        await (_server?.StopAsync(late.Token) ?? Task.CompletedTask);
    }

    public void Dispose() => _server?.Dispose();
}
