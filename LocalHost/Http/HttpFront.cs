using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Http;

/// <summary>ASP.NET Core's server on the loopback interface. Started bare, without the web host around it: that keeps the start short and the request's path too.</summary>
internal sealed partial class HttpFront(LocalHostOptions options, HttpDispatcher dispatcher, FunctionList list, BoundAddress address, ILoggerFactory loggers)
    : IHostedService, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<HttpFront>();
    private KestrelServer? _server;

    /// <exception cref="CannotStartException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Listen(IPAddress.Loopback, options.Port);
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
        try
        {
            await _server.StartAsync(dispatcher, cancellationToken);
        }
        catch (IOException)
        {
            throw Reachability.InUse(options.Port);
        }

        address.Uri = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.Out.WriteLineAsync(list.Describe(address.Uri));
        if (dispatcher.KeysFile is { } path)
        {
            LogKeys(path);
        }
    }

    /// <summary>Stops taking requests and waits for those that run.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    [LoggerMessage(1, LogLevel.Information, "Callers need a key; the keys are in {Path}.")]
    private partial void LogKeys(string path);
}
