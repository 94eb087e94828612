namespace Slowlane.Bench.Drill;

/// <summary>Makes a drill of a seed. Pure: the same options, the same plan.</summary>
internal static class DrillPlan
{
    private const int Kinds = 14;

    private static readonly string[] Garbage = ["no JSON at all", "{\"v\":99}", "{\"v\":1,\"id\":\"0\",\"type\":\"spin\"}", "[]", "\0"];

    /// <summary>Submits, cancels and retries spread over the first four fifths; a fault every few seconds; nothing near the end.</summary>
    public static IReadOnlyList<PlannedAction> Of(DrillOptions options)
    {
        var random = new Random(options.Seed);
        var actions = new List<PlannedAction>();
        for (var job = 0; job < options.Jobs; job++)
        {
            actions.AddRange(OfJob(job, options.Length * 0.8 * random.NextDouble(), random));
        }

        actions.AddRange(EveryFaultOnce(options, random));
        for (var at = NextGap(random); at < options.Length * 0.9; at += NextGap(random))
        {
            actions.Add(new PlannedAction(at, Fault(random.Next(Kinds), options, random)));
        }

        return [.. actions.OrderBy(action => action.At)];
    }

    private static IEnumerable<PlannedAction> OfJob(int job, TimeSpan at, Random random)
    {
        var work = random.Next(100) switch
        {
            < 85 => Work.Spin,
            < 92 => Work.Fail,
            _ => Work.LargeInput,
        };
        yield return new PlannedAction(at, new DrillAction.Submit(job, work));
        if (random.Next(10) == 0)
        {
            yield return new PlannedAction(at + TimeSpan.FromSeconds(0.05 * random.NextDouble()), new DrillAction.Submit(job, work)); // An impatient caller.
        }

        if (random.Next(10) == 0)
        {
            at += TimeSpan.FromSeconds(3 * random.NextDouble());
            yield return new PlannedAction(at, new DrillAction.Cancel(job));
        }

        if (random.Next(20) == 0)
        {
            at += TimeSpan.FromSeconds(3 * random.NextDouble());
            yield return new PlannedAction(at, new DrillAction.Retry(job));
            yield return new PlannedAction(at + TimeSpan.FromMilliseconds(random.Next(30)), random.Next(2) == 0 ? new DrillAction.Cancel(job) : new DrillAction.Retry(job));
        }
    }

    private static IEnumerable<PlannedAction> EveryFaultOnce(DrillOptions options, Random random)
        => Enumerable.Range(0, Kinds).Select(kind => new PlannedAction(options.Length * (0.05 + (0.8 * random.NextDouble())), Fault(kind, options, random)));

    private static DrillAction Fault(int kind, DrillOptions options, Random random) => kind switch
    {
        0 => new DrillAction.KillWorker(Host(random), random.Next(options.Workers)),
        1 => new DrillAction.PauseWorker(Host(random), random.Next(options.Workers), Seconds(1, 9, random)),
        2 => new DrillAction.KillHost(Host(random)),
        3 => new DrillAction.StopHost(Host(random)),
        4 => new DrillAction.PauseHost(Host(random), Seconds(1, 9, random)),
        5 => new DrillAction.KillFront(),
        6 => new DrillAction.PauseFront(Seconds(1, 5, random)),
        7 => new DrillAction.KillWeb(),
        8 => new DrillAction.PauseWeb(Seconds(1, 5, random)),
        9 => new DrillAction.KillDatabase(),
        10 => new DrillAction.CutDatabase(Seconds(0.2, 6, random)),
        11 => new DrillAction.CutStorage(Seconds(0.2, 6, random)),
        12 => new DrillAction.SendTwice(),
        13 => new DrillAction.SendGarbage(Garbage[random.Next(Garbage.Length)]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a fault."),
    };

    private static int Host(Random random) => random.Next(DrillOptions.Hosts);

    private static TimeSpan NextGap(Random random) => Seconds(2, 6, random);

    private static TimeSpan Seconds(double least, double most, Random random) => TimeSpan.FromSeconds(least + ((most - least) * random.NextDouble()));
}
