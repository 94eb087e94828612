using System.Runtime.InteropServices;

namespace Slowlane.LocalHost.Queues;

/// <summary>How long to wait before an empty queue is asked again: 100 ms, then about twice as long each time, up to the longest.</summary>
/// <param name="Wait">The wait.</param>
/// <param name="Step">How often it has grown since a message came.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PollDelay(TimeSpan Wait, int Step)
{
    private const double Jitter = 0.2;

    /// <summary>The wait after an empty receive.</summary>
    /// <param name="foundSince">Whether a message came since the wait before: start anew.</param>
    /// <param name="longest">Never wait longer.</param>
    /// <param name="random">0 to 1: spreads each growth by 20 % to either side, so that pollers don't fall into step.</param>
    public PollDelay Next(bool foundSince, TimeSpan longest, double random)
    {
        if (foundSince || Step == 0)
        {
            return new PollDelay(QueueOptions.MinPollingInterval, 1);
        }

        if (Wait >= longest)
        {
            return this with { Wait = longest };
        }

        var growth = QueueOptions.MinPollingInterval * (Math.Pow(2, Step - 1) * (1 - Jitter + (2 * Jitter * random)));
        var wait = QueueOptions.MinPollingInterval + growth;
        return wait < longest ? new PollDelay(wait, Step + 1) : this with { Wait = longest };
    }
}
