using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.WebJobs.Host.Executors;

namespace Slowlane.LocalHost.Triggers;

/// <summary>The id under which the app's locks are kept. It is the same for the same app on the same machine.</summary>
internal sealed class AppHostId(string folder) : IHostIdProvider
{
    private readonly string _id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}:{folder}")))[..32];

    public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(_id);
}
