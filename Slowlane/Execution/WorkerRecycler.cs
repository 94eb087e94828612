using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Settings;

namespace Slowlane.Execution;

/// <summary>Ends a process in which too many computations went on after they were stopped; its host starts another.</summary>
/// <remarks>
/// A thread can't be ended from outside, a process can. By an orderly stop, so that its jobs are handed back; the
/// threads left behind are background threads and don't hold it up.
/// </remarks>
internal sealed partial class WorkerRecycler(ComputeLanes lanes, PartitionLanes parts, SlowlaneOptions options, IHostApplicationLifetime process, ILogger<WorkerRecycler> log)
{
    /// <summary>What the Functions host takes for a worker's intentional restart: <c>WorkerConstants.IntentionalRestartExitCode</c>.</summary>
    public const int ExitCode = 200;

    private int _stopped;

    /// <summary>Ends the process if too many computations go on.</summary>
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

    [LoggerMessage(LogLevel.Warning, "{Lost} computations go on although they were stopped, the most that a process may have is {Bound} (Slowlane:MaxLostLanes); this process ends, its host starts another")]
    private static partial void Recycles(ILogger log, int lost, int bound);
}
