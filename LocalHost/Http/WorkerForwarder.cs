using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace Slowlane.LocalHost.Http;

/// <summary>Forwards requests unchanged to a worker's own HTTP server, with the id of the invocation.</summary>
internal sealed class WorkerForwarder : IDisposable
{
    private const string InvocationId = "x-ms-invocation-id";

    /// <summary>A worker reports that it is ready before its server listens. A connection is retried for this long.</summary>
    private static readonly TimeSpan UntilItListens = TimeSpan.FromSeconds(5);

    private readonly ServiceProvider _services;
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _client;
    private readonly ForwarderRequestConfig _request;

    public WorkerForwarder(HostLimits limits, ILoggerFactory loggers)
    {
        _request = new ForwarderRequestConfig { ActivityTimeout = limits.Request, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        _services = new ServiceCollection().AddLogging().AddHttpForwarder().Replace(ServiceDescriptor.Singleton(loggers)).BuildServiceProvider();
        _forwarder = _services.GetRequiredService<IHttpForwarder>();
#pragma warning disable CA2000 // The client disposes of it.
        _client = new HttpMessageInvoker(new FlushingHandler(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8, // The worker's server reads headers as UTF-8.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(), // The caller's own trace headers pass through.
            ConnectCallback = static (connection, cancellationToken) => ConnectAsync(connection.DnsEndPoint, cancellationToken),
        }));
#pragma warning restore CA2000
    }

    /// <summary>Forwards a request and its response as a stream.</summary>
    public Task<ForwarderError> SendAsync(HttpContext context, string worker, string invocation, CancellationToken cancellationToken)
    {
        context.Request.Headers[InvocationId] = invocation;
        if (!context.Request.Host.HasValue)
        {
            context.Request.Host = new HostString("localhost"); // HTTP allows an empty host, but the worker's server requires one.
        }

        return _forwarder.SendAsync(context, worker, _client, _request, HttpTransformer.Default, cancellationToken).AsTask();
    }

    public void Dispose()
    {
        _client.Dispose();
        _services.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
#pragma warning disable CA2000 // The stream disposes of it.
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
            try
            {
                await socket.ConnectAsync(endpoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionRefused && Stopwatch.GetElapsedTime(since) < UntilItListens)
            {
                socket.Dispose();
                await Task.Delay(20, cancellationToken);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
