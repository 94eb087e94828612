namespace Slowlane.Maintenance;

/// <summary>Decides when a process sweeps without a timer's call.</summary>
internal static class SweepTurn
{
    /// <summary>The shortest time without a sweep: twenty times the period of the timer.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Returns how long a process waits before a sweep of its own: up to twice the shortest time, so that processes that started
    /// together do not sweep together.
    /// </summary>
    /// <param name="random">A random number from 0 to 1.</param>
    public static TimeSpan Delay(double random) => Shortest * (1 + random);

    /// <summary>Returns how long the process still waits; zero if it is due.</summary>
    public static TimeSpan Wait(TimeSpan sinceLast, TimeSpan delay) => sinceLast < delay ? delay - sinceLast : TimeSpan.Zero;
}
