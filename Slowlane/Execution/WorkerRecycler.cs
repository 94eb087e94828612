using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Settings;

namespace Slowlane.Execution;

/// <summary>Ends a process in which too many computations ignored their cancellation. Its host starts another process.</summary>
/// <remarks>
/// A thread can't be ended from outside, but a process can. The process stops in order, so that its jobs are released. The
/// abandoned threads are background threads and do not delay it.
/// </remarks>
internal sealed partial class WorkerRecycler(ComputeLanes lanes, PartitionLanes parts, SlowlaneOptions options, IHostApplicationLifetime process, ILogger<WorkerRecycler> log)
{
    /// <summary>
    /// The exit code that the Functions host treats as an intentional restart of a worker:
    /// <c>WorkerConstants.IntentionalRestartExitCode</c>.
    /// </summary>
    public const int ExitCode = 200;

    private int _stopped;

    /// <summary>Ends the process if too many abandoned computations still run.</summary>
    public void RecycleIfNeeded()
    {
        var lost = lanes.Abandoned + parts.Abandoned;
        if (lost >= options.MaxLostLanes && Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            Recycles(log, lost, options.MaxLostLanes);
            Environment.ExitCode = ExitCode;
            process.StopApplication();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Lost} computations still run after they were stopped, the most that a process may have is {Bound} (Slowlane:MaxLostLanes); this process ends, its host starts another")]
    private static partial void Recycles(ILogger log, int lost, int bound);
}
