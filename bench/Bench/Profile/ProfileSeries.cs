using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Profile;

/// <summary>Size by size: makes the table, checks a profile of it against SQL, and times everybody.</summary>
internal sealed class ProfileSeries(BenchServices services, AppCluster app, ProfileOptions options, bool pandas, Action<string> say)
{
    private const double Mebibyte = 1024 * 1024;

    private string? _form; // The faster of PostgreSQL's two.

    public List<Reading> Readings { get; } = [];

    public List<string> Notes { get; } = [];

    public List<string> Differences { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var rows in options.Rows)
        {
            await WideTable.MakeAsync(services.Source, rows, cancellationToken);
            var size = await WideTable.SizeAsync(services.Source, cancellationToken);
            say(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows of {WideTable.Columns.Count} columns, {size}"));
            var profile = await SlowlaneAsync(rows, cancellationToken);
            await CheckAsync(rows, profile, cancellationToken);
            await ComputeAsync(rows, cancellationToken);
            await PandasAsync(rows, cancellationToken);
        }
    }

    private async Task<JsonElement> SlowlaneAsync(int rows, CancellationToken cancellationToken)
    {
        var worker = await RenewWorkerAsync(cancellationToken);
        var profile = await ProfileAsync(cancellationToken); // Not counted: the first one of a process compiles it.
        for (var run = 0; run < options.Runs && options.Has("slowlane"); run++)
        {
            var (processor, clock) = (ProcessorTime(), Stopwatch.StartNew());
            profile = await ProfileAsync(cancellationToken);
            Add(new Reading(rows, Reading.Slowlane, clock.Elapsed.TotalSeconds)
            {
                CellsPerSecond = CellsOf(rows) / clock.Elapsed.TotalSeconds,
                Processor = ProcessorTime() - processor,
                PeakMiB = ProcessTree.PeakMemory(worker) / Mebibyte,
            });
        }

        return profile;

        double ProcessorTime() => ProcessTree.Find(worker)!.Value.Time.TotalSeconds;
    }

    // One that hasn't held anything yet, and has compiled what it runs.
    private async Task<int> RenewWorkerAsync(CancellationToken cancellationToken)
    {
        await app.Hosts[0].RestartAsync();
        var worker = await app.Hosts[0].WorkerAsync(Node.Compute(0), cancellationToken);
        await app.ResultAsync(await app.SubmitProfileAsync("""{"rows":[{"n":1}]}""", cancellationToken), cancellationToken);
        return worker;
    }

    private async Task<JsonElement> ProfileAsync(CancellationToken cancellationToken)
    {
        var job = await app.SubmitProfileAsync($$"""{"table":"{{WideTable.Name}}"}""", cancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(await app.ResultAsync(job, cancellationToken));
    }

    private async Task CheckAsync(int rows, JsonElement profile, CancellationToken cancellationToken)
    {
        if (!options.Has("sql"))
        {
            return;
        }

        string[] forms = _form is { } known ? [known] : options.Short ? [PostgresPeer.Whole] : [PostgresPeer.Whole, PostgresPeer.ByColumn];
        var first = new List<PostgresRun>();
        foreach (var form in forms)
        {
            first.Add(await PostgresPeer.RunAsync(services.Database, form, cancellationToken));
            Differences.AddRange(Agreement.Differences(profile, first[^1].Figures).Select(difference => string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows: {difference}")));
        }

        var best = first.MinBy(run => run.Seconds)!;
        if (forms.Length > 1)
        {
            Notes.Add(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL is asked by {best.Form}: at {rows:N0} rows that took {best.Seconds:F1} s, the other form {first.Max(run => run.Seconds):F1} s."));
        }

        _form = best.Form;
        Add(ReadingOf(rows, best));
        for (var run = 1; run < options.SqlRuns; run++)
        {
            Add(ReadingOf(rows, await PostgresPeer.RunAsync(services.Database, _form, cancellationToken)));
        }
    }

    private async Task ComputeAsync(int rows, CancellationToken cancellationToken)
    {
        if (!options.Has("compute") || rows > SlowlaneCompute.MaxRows)
        {
            return;
        }

        var chunks = await SlowlaneCompute.ReadAsync(services.Source, cancellationToken);
        chunks.Run(); // Not counted: it compiles.
        for (var run = 0; run < options.Runs; run++)
        {
            var (cells, seconds) = chunks.Run();
            Add(new Reading(rows, Reading.Compute, seconds) { CellsPerSecond = cells / seconds });
        }
    }

    private async Task PandasAsync(int rows, CancellationToken cancellationToken)
    {
        for (var run = 0; run < options.Runs && pandas; run++)
        {
            var answer = await PandasPeer.RunAsync(services.DatabaseUri, cancellationToken);
            if (answer.TryGetProperty("failed", out var why))
            {
                Notes.Add(string.Create(CultureInfo.InvariantCulture, $"pandas at {rows:N0} rows: {why}."));
                say(Notes[^1]);
                return;
            }

            var seconds = Figure("seconds");
            Add(new Reading(rows, Reading.Pandas, seconds)
            {
                CellsPerSecond = CellsOf(rows) / seconds,
                PeakMiB = Figure("peakMiB"),
                Processor = Figure("processor"),
                Note = string.Create(CultureInfo.InvariantCulture, $"copy {Figure("copy"):F1} s, read_csv {Figure("readCsv"):F1} s, describe and nunique {Figure("describe"):F1} s"),
            });

            double Figure(string name) => answer.GetProperty(name).GetDouble();
        }
    }

    private static Reading ReadingOf(int rows, PostgresRun run)
        => new(rows, Reading.Postgres, run.Seconds) { CellsPerSecond = CellsOf(rows) / run.Seconds, PeakMiB = run.PeakMiB, Processor = run.Processor, Note = run.Form };

    private static double CellsOf(int rows) => (double)rows * WideTable.Columns.Count;

    private void Add(Reading reading)
    {
        Readings.Add(reading);
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"  {reading.Peer}: {reading.Seconds:F2} s, {reading.CellsPerSecond / 1e6:F2} million values a second{Part(reading.Processor, "processor {0:F2} s")}{Part(reading.PeakMiB, "peak {0:F0} MiB")}{(reading.Note is null ? "" : "; " + reading.Note)}"));

        static string Part(double? value, string format) => value is null ? "" : ", " + string.Format(CultureInfo.InvariantCulture, format, value);
    }
}
