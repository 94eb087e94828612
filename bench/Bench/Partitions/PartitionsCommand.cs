using System.Diagnostics;
using System.Globalization;
using Slowlane.Bench.Commands;
using Slowlane.Bench.Hosts;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Partitions;

/// <summary>A profile whole and in parts, with processes killed.</summary>
internal static class PartitionsCommand
{
    public static Command<PartitionsOptions> Command { get; } = new(
        "partitions",
        "Profiles one table whole and in parts, by one worker and by two, undisturbed and with processes killed",
        """
        Says how long it takes, and whether it is the same profile.
        Ends with 0 when every profile equals the first and was written once, with 1 when one doesn't or wasn't, with 2 when an option is wrong.
        """,
        PartitionsOptions.All,
        RunAsync);

    private static async Task<int> RunAsync(PartitionsOptions options, CancellationToken cancellationToken)
    {
        var (rows, partitions, runs) = (options.Rows, options.Partitions, options.Runs);
        await using var services = await BenchServices.StartEphemeralAsync(cancellationToken);
        await using var cluster = await AppCluster.StartAsync(services.Database, services.Storage, hosts: 0, workers: 1, [("Slowlane__LeaseSeconds", "5")], cancellationToken: cancellationToken);
        var app = new PartitionsApp(services, cluster, cancellationToken);
        await SampleTable.MakeAsync(services.Source, rows, cancellationToken);
        Say($"{rows:N0} rows, {await SampleTable.SizeAsync(services.Source)}, {Environment.ProcessorCount} cores; PostgreSQL and Azurite on the same.");

        var differences = new List<string>();
        var jobs = new List<(string What, string Id)>();
        await app.SetWorkersAsync(1);
        var (plain, whole) = await MedianAsync("whole, one worker", partitions: 1);
        var (inParts, one) = await MedianAsync("one worker", partitions);
        Compare("one worker", inParts);
        await app.SetWorkersAsync(2);
        (inParts, var two) = await MedianAsync("two workers", partitions);
        Compare("two workers", inParts);
        Say($"whole, one worker      {whole:F2} s");
        Say($"{partitions} parts, one worker    {one:F2} s");
        Say($"{partitions} parts, two workers   {two:F2} s: {two / one:F2} of one worker's");

        // On cores that the database shares, two workers have no more processor than one. So again with a share of one core for
        // each worker, as if each were a machine of its own.
        const double share = 0.3;
        double oneSlow, twoSlow;
        await using (Throttle.Of(await app.WorkerAsync(0), share))
        {
            await using (Throttle.Of(await app.WorkerAsync(1), share))
            {
                (inParts, twoSlow) = await MedianAsync("two slow workers", partitions);
                Compare("two slow workers", inParts);
            }

            await app.RemoveWorkerAsync();
            (inParts, oneSlow) = await MedianAsync("one slow worker", partitions);
            Compare("one slow worker", inParts);
        }

        Say($"each with {share:P0} of a core: one worker {oneSlow:F2} s, two {twoSlow:F2} s: {twoSlow / oneSlow:F2} of one worker's");
        await app.SetWorkersAsync(2);

        foreach (var host in cluster.Nodes)
        {
            await KillAsync(host.Name, host.KillAsync);
        }

        await app.SetWorkersAsync(2);
        await KillAsync("worker of host 0", () => cluster.Hosts[0].KillWorkerAsync(Node.Compute(0)));

        // The table's key forbids a second row: what can be wrong is that there is none.
        var notOnce = new List<string>();
        foreach (var (what, id) in jobs)
        {
            notOnce.AddRange(Written.NotOnce(what, await app.WrittenAsync(id)));
        }

        differences.ForEach(Console.WriteLine);
        notOnce.ForEach(Console.WriteLine);
        Say($"{differences.Count} differences between {jobs.Count} profiles and the first; {notOnce.Count} of {jobs.Count} not written once.");
        return differences.Count == 0 && notOnce.Count == 0 ? 0 : 1;

        async Task KillAsync(string victim, Func<Task> kill)
        {
            var clock = Stopwatch.StartNew();
            var job = await SubmitAsync($"{victim} killed", partitions);
            await app.UntilPartAsync(job);
            await kill();
            Compare($"{victim} killed", await app.ResultAsync(job));
            Say($"{victim} killed -9 in the middle: done after {clock.Elapsed.TotalSeconds:F2} s, written {await app.WrittenAsync(job)} time");
        }

        async Task<string> SubmitAsync(string what, int partitions)
        {
            var id = await app.SubmitAsync(partitions);
            jobs.Add((what, id));
            return id;
        }

        async Task<(string Result, double Seconds)> MedianAsync(string what, int partitions)
        {
            var times = new List<double>();
            var result = "";
            for (var run = 0; run < runs; run++)
            {
                var clock = Stopwatch.StartNew();
                result = await app.ResultAsync(await SubmitAsync(what, partitions));
                times.Add(clock.Elapsed.TotalSeconds);
            }

            return (result, Spread.Of(times).Median);
        }

        void Compare(string what, string result) => differences.AddRange(Difference.Of(plain, result).Select(difference => $"{what}: {difference}"));
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
