using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Slowlane.LocalHost.Workers;

/// <summary>The gRPC server for workers, on a free loopback port.</summary>
internal sealed class WorkerServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly ConcurrentDictionary<string, WorkerChannel> _expected = new(StringComparer.Ordinal);

    private WorkerServer(HostLimits limits, ILoggerFactory loggers)
    {
        Limits = limits;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (limits.MessageBytes, limits.MessageBytes));
        builder.Services.AddSingleton(this);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MinRequestBodyDataRate = null; // A stream may be idle for hours.
            kestrel.Limits.Http2.InitialConnectionWindowSize = 8 << 20;
            kestrel.Limits.Http2.InitialStreamWindowSize = 8 << 20;
        });
        _web = builder.Build();
        _web.MapGrpcService<FunctionRpcService>();
    }

    public HostLimits Limits { get; }

    /// <summary>The address of the server.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<WorkerServer> StartAsync(HostLimits limits, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var server = new WorkerServer(limits, loggers);
        await server._web.StartAsync(cancellationToken);
        server.Address = new Uri(server._web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>Accepts a worker that is about to start.</summary>
    public void Expect(WorkerChannel channel) => _expected[channel.Id] = channel;

    /// <summary>Accepts the worker no longer.</summary>
    public void Remove(WorkerChannel channel) => _expected.TryRemove(channel.Id, out _);

    /// <summary>The channel of the worker with this id. Null for an unexpected process.</summary>
    public WorkerChannel? Find(string id) => _expected.GetValueOrDefault(id);

    /// <summary>Stops the server after the workers. Open streams are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _web.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _web.DisposeAsync();
    }
}
