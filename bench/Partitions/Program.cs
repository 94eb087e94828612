using System.Diagnostics;
using System.Globalization;
using Slowlane.Partitions;

//   dotnet run -c Release --project bench/Partitions [-- --rows 5000000 --partitions 4 --runs 3]
//
// One table, profiled whole and in parts, by one worker and by two, undisturbed and with processes killed: how long it
// takes, and whether it is the same profile.
var (rows, partitions, runs) = (Number("--rows", 5_000_000), Number("--partitions", 4), Number("--runs", 3));
await using var bed = await Bed.StartAsync();
await SampleTable.MakeAsync(bed.Database, rows);
Say($"{rows:N0} rows, {await SampleTable.SizeAsync(bed.Database)}, {Environment.ProcessorCount} cores; PostgreSQL and Azurite on the same.");

var differences = new List<string>();
await bed.SetWorkersAsync(1);
var (plain, whole) = await MedianAsync(partitions: 1);
var (inParts, one) = await MedianAsync(partitions);
Compare("one worker", inParts);
await bed.SetWorkersAsync(2);
(inParts, var two) = await MedianAsync(partitions);
Compare("two workers", inParts);
Say($"whole, one worker      {whole:F2} s");
Say($"{partitions} parts, one worker    {one:F2} s");
Say($"{partitions} parts, two workers   {two:F2} s: {two / one:F2} of one worker's");

// On cores that the database shares, two workers have no more processor than one. So again with a share of one core for
// each worker, as if each were a machine of its own.
const double share = 0.3;
double oneSlow, twoSlow;
await using (Throttle.Of(bed.Nodes[1].ProcessId, share))
{
    await using (Throttle.Of(bed.Nodes[2].ProcessId, share))
    {
        (inParts, twoSlow) = await MedianAsync(partitions);
        Compare("two slow workers", inParts);
    }

    await bed.RemoveWorkerAsync();
    (inParts, oneSlow) = await MedianAsync(partitions);
    Compare("one slow worker", inParts);
}

Say($"each with {share:P0} of a core: one worker {oneSlow:F2} s, two {twoSlow:F2} s: {twoSlow / oneSlow:F2} of one worker's");
await bed.SetWorkersAsync(2);

foreach (var victim in bed.Nodes)
{
    var clock = Stopwatch.StartNew();
    var job = await bed.SubmitAsync(partitions);
    await bed.UntilPartAsync(job);
    await victim.KillAsync();
    Compare($"{victim.Name} killed", await bed.ResultAsync(job));
    Say($"{victim.Name} killed -9 in the middle: done after {clock.Elapsed.TotalSeconds:F2} s, written {await bed.WrittenAsync(job)} time");
}

differences.ForEach(Console.WriteLine);
Say($"{differences.Count} differences between {bed.Nodes.Count + 4} profiles and the first.");
return differences.Count == 0 ? 0 : 1;

async Task<(string Result, double Seconds)> MedianAsync(int partitions)
{
    var times = new List<double>();
    var result = "";
    for (var run = 0; run < runs; run++)
    {
        var clock = Stopwatch.StartNew();
        result = await bed.ResultAsync(await bed.SubmitAsync(partitions));
        times.Add(clock.Elapsed.TotalSeconds);
    }

    return (result, times.Order().ElementAt(runs / 2));
}

void Compare(string what, string result) => differences.AddRange(Difference.Of(plain, result).Select(difference => $"{what}: {difference}"));

int Number(string option, int fallback)
    => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : fallback;

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
