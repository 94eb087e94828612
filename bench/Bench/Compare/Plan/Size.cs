namespace Slowlane.Bench.Compare.Plan;

/// <summary>How much of everything.</summary>
internal sealed record Size
{
    /// <summary>What figures are taken from.</summary>
    public static Size Full { get; } = new();

    /// <summary>Enough to see that it works.</summary>
    public static Size Short { get; } = new()
    {
        WarmUpJobs = 10,
        LongJobs = 4,
        Long = TimeSpan.FromMilliseconds(300),
        IdleRequests = 20,
        ShortJobs = 60,
        CrowdClients = 20,
        CrowdJobs = 100,
        IdleJobs = 3,
        Batches = 2,
        BatchJobs = 150,
        Idle = TimeSpan.Zero,
        Outage = TimeSpan.FromSeconds(1),
        Redelivery = TimeSpan.FromSeconds(3),
        LostAfter = TimeSpan.FromSeconds(1),
        QuietWithin = TimeSpan.Zero,
    };

    public int WarmUpJobs { get; init; } = 200;

    public int LongJobs { get; init; } = 16;

    public TimeSpan Long { get; init; } = TimeSpan.FromMilliseconds(500);

    public int IdleRequests { get; init; } = 300;

    public int ShortJobs { get; init; } = 2000;

    /// <summary>Jobs of which each finds nothing else to do.</summary>
    public int IdleJobs { get; init; } = 40;

    public int Batches { get; init; } = 20;

    public int BatchJobs { get; init; } = 500;

    public int BatchClients { get; init; } = 4;

    /// <summary>How long processes are left alone before their memory is read.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    public int ShortClients { get; init; } = 16;

    /// <summary>Clients of a busy front, each with one job of its own under way.</summary>
    public int CrowdClients { get; init; } = 256;

    public int CrowdJobs { get; init; } = 5000;

    /// <summary>How long the database is away.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a silent worker keeps its job: as long as Slowlane's does where nobody sets it.</summary>
    public TimeSpan Redelivery { get; init; } = SlowlaneVariants.Lease;

    /// <summary>Without a new row for so long, what isn't written is lost, unless something redelivers it.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From a redelivery to the row that it writes: the job is sent, claimed and run again.</summary>
    public TimeSpan Rerun { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After a fault no variant is watched longer for second writes. It is enough for Slowlane; a peer that needs minutes would take most of the run.</summary>
    public TimeSpan WatchAtMost { get; init; } = TimeSpan.FromSeconds(47);

    /// <summary>How long to wait for others on the machine to be quiet.</summary>
    public TimeSpan QuietWithin { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The shortest time in which the cores can do the long jobs.</summary>
    public TimeSpan Ideal(int cores) => Long * Math.Ceiling((double)LongJobs / cores);

    /// <summary>How long without a new row until what is missing counts as lost: where something redelivers, not before it has looked twice.</summary>
    public TimeSpan Settles(Variant variant) => variant.Sweep is { } sweep ? Free(variant, sweeperKilled: true) + (2 * sweep) + LostAfter : LostAfter;

    /// <summary>Until when a fault may still have a job written a second time: whatever was held at the fault is swept up by then. The fault's own time where nothing redelivers.</summary>
    /// <param name="variant">What was broken.</param>
    /// <param name="fault">When.</param>
    /// <param name="sweeperKilled">Whether what sweeps was killed, too.</param>
    public DateTimeOffset WritesAgainUntil(Variant variant, DateTimeOffset fault, bool sweeperKilled)
    {
        if (variant.Sweep is not { } sweep)
        {
            return fault;
        }

        var free = (fault + Free(variant, sweeperKilled)).UtcTicks;
        var wait = variant.SweepsByTheClock ? (sweep.Ticks - (free % sweep.Ticks)) % sweep.Ticks : sweep.Ticks;
        return new DateTimeOffset(free + wait, TimeSpan.Zero) + Rerun;
    }

    /// <summary>Until when a variant is watched for that.</summary>
    public DateTimeOffset WatchedUntil(Variant variant, DateTimeOffset fault, bool sweeperKilled)
    {
        var until = WritesAgainUntil(variant, fault, sweeperKilled);
        return until < fault + WatchAtMost ? until : fault + WatchAtMost;
    }

    // From a fault until what was held can be swept up.
    private TimeSpan Free(Variant variant, bool sweeperKilled) => sweeperKilled && variant.SweepRests > Redelivery ? variant.SweepRests : Redelivery;
}
