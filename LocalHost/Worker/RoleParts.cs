using System.Runtime.InteropServices;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Worker;

/// <summary>Which listeners a process runs. HTTP and queues are kept apart as Flex Consumption keeps them; timers go with HTTP, so that they run once.</summary>
/// <param name="HttpAndTimers">HTTP and timer functions.</param>
/// <param name="Queues">Queue functions, orchestrators and activities.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RoleParts(bool HttpAndTimers, bool Queues)
{
    public static RoleParts Of(LocalHostOptions options) => options.Role switch
    {
        LocalRole.Front => new RoleParts(HttpAndTimers: true, Queues: false),
        LocalRole.Worker => new RoleParts(HttpAndTimers: false, Queues: true),
        _ => new RoleParts(HttpAndTimers: true, Queues: options.Workers == 0),
    };
}
