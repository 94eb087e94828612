using System.Globalization;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Workers;

/// <summary>The limits of workers.</summary>
/// <param name="Start">The maximum time until a worker can run functions: 60 s, as on the platform.</param>
/// <param name="Request">The maximum idle time of a request before it is given up: 230 s, as in Azure's load balancer.</param>
/// <param name="Function">The maximum time of an invocation: <c>functionTimeout</c> of host.json. Infinite for no limit.</param>
/// <param name="MessageMebibytes">
/// The maximum message size in both directions. The platform's own limit is 2 GiB. A single message of that size could exhaust this process.
/// </param>
internal sealed record HostLimits(TimeSpan Start, TimeSpan Request, TimeSpan Function, int MessageMebibytes)
{
    public const int UsualStartSeconds = 60;
    public const int UsualRequestSeconds = 230;
    public const int UsualMessageMebibytes = 128;
    public const int MaxSeconds = 86_400;

    private const int MaxMebibytes = 2047;

    public int MessageBytes => MessageMebibytes << 20;

    /// <exception cref="CannotStartException">A setting is not a number within its bounds, or functionTimeout is not a time.</exception>
    public static HostLimits Read(IConfiguration settings, IConfiguration hostJson) => new(
        TimeSpan.FromSeconds(Number(settings, "StartSeconds", UsualStartSeconds, MaxSeconds)),
        TimeSpan.FromSeconds(Number(settings, "RequestSeconds", UsualRequestSeconds, MaxSeconds)),
        HostJson.FunctionTimeout(hostJson),
        Number(settings, "MessageMebibytes", UsualMessageMebibytes, MaxMebibytes));

    private static int Number(IConfiguration settings, string name, int usual, int max)
        => settings[$"LocalHost:{name}"] is not { } text ? usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max ? number
            : throw CannotStartException.Usage($"The setting LocalHost:{name} is '{text}'; choose a whole number from 1 to {max}.");
}
