using System.Globalization;
using Slowlane.ProfileBench;
using Slowlane.ProfileBench.Beds;
using Slowlane.ProfileBench.Peers;

var options = ProfileOptions.Parse(args);
await using var bed = await Bed.StartAsync(default);
foreach (var rows in options.Rows)
{
    await WideTable.MakeAsync(bed.Database, rows, default);
    Console.WriteLine(await WideTable.SizeAsync(bed.Database, default));
    if (options.Has("compute"))
    {
    var compute = await SlowlaneCompute.ReadAsync(bed.Database, rows, default);
    Console.WriteLine(compute);
    for (var i = 0; i < options.Runs; i++)
    {
        var (cells, seconds) = compute.Run();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:F3} s cpu, {cells / seconds / 1e6:F2} M cells/s"));
    }
    }
    await bed.RenewWorkerAsync(default);
    for (var i = 0; i < options.Runs && options.Has("slowlane"); i++)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var cpu = ProcessFacts.ProcessorTime(bed.Worker);
        await bed.ProfileAsync($$"""{"table":"{{WideTable.Name}}"}""", default);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"end to end {clock.Elapsed.TotalSeconds:F2} s, worker cpu {ProcessFacts.ProcessorTime(bed.Worker) - cpu:F2} s, peak {ProcessFacts.PeakMemory(bed.Worker):F0} MiB"));
    }
}
