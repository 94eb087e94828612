using Microsoft.Extensions.DependencyInjection;

namespace Slowlane.LocalHost.Processes;

/// <summary>What a process was started with: the command line, and the settings it runs on.</summary>
/// <param name="Options">The command line.</param>
/// <param name="Settings">Configuration on top of the environment: local.settings.json and the connection strings of services started here.</param>
/// <param name="Configure">Adds services that go with the way it was launched.</param>
internal sealed record Launch(LocalHostOptions Options, IReadOnlyDictionary<string, string?> Settings, Action<IServiceCollection>? Configure = null)
{
    /// <summary>Reads the command line and settings and starts the services that none were given for. Ends the process when it can't.</summary>
    public static Launch Prepare(string[] args) => new(new LocalHostOptions(), new Dictionary<string, string?>(StringComparer.Ordinal));
}
