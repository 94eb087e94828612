using Azure.Core;
using Azure.Core.Pipeline;

namespace Slowlane.Settings;

/// <summary>Carries requests to storage on this machine. A proxy that the environment names (<c>HTTP_PROXY</c>) can't reach this machine.</summary>
internal static class LoopbackTransport
{
    // The other values are those of the clients' usual transport.
    private static readonly HttpClientTransport Direct = new(new HttpClient(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 50,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });

    /// <summary>Chooses this transport for a client of a loopback address. A transport of the caller's own stays.</summary>
    /// <returns>Whether the options changed.</returns>
    public static bool IsChosen(Uri address, ClientOptions options)
    {
        if (!address.IsLoopback || !ReferenceEquals(options.Transport, HttpClientTransport.Shared))
        {
            return false;
        }

        options.Transport = Direct;
        return true;
    }
}
