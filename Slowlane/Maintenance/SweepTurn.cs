namespace Slowlane.Maintenance;

/// <summary>When a process sweeps although no timer told it to.</summary>
internal static class SweepTurn
{
    /// <summary>Twenty times what lies between two sweeps of the timer.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);

    /// <summary>How long a process does without a sweep of its own: up to twice the shortest, so that processes that began together don't sweep together.</summary>
    /// <param name="dice">At random from 0 to 1.</param>
    public static TimeSpan Patience(double dice) => Shortest * (1 + dice);

    /// <summary>How long it still waits; zero when it is its turn.</summary>
    public static TimeSpan Wait(TimeSpan sinceLast, TimeSpan patience) => sinceLast < patience ? patience - sinceLast : TimeSpan.Zero;
}
