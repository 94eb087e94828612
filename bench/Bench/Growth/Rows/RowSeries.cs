using Slowlane.Bench.Growth.Plans;
using Slowlane.Bench.Growth.Report;
using Slowlane.Bench.Hosts;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>Times every statement at every level, and judges its plan there.</summary>
internal sealed class RowSeries(GrowthEnvironment environment, GrowthOptions options, Action<string> progress)
{
    private readonly Filling _filling = new(environment.Source, Math.Max(1, options.Finished[^1]));
    private readonly List<Cell> _cells = [];
    private readonly List<string> _faults = [];

    public IReadOnlyList<Cell> Cells => _cells;

    public IReadOnlyList<string> Faults => _faults;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var level = 0; level < options.Finished.Count; level++)
        {
            await _filling.FinishAsync(options.Finished[level], progress, cancellationToken);
            await _filling.QueueAsync(0, cancellationToken);

            // A table so small that the planner reads it whole is not judged by the pages.
            await MeasureAsync(FormattableString.Invariant($"{options.Finished[level]:N0} finished"), cancellationToken, judged: options.Finished[level] > 0);
            foreach (var queued in level == Math.Min(1, options.Finished.Count - 1) ? options.Queued : [])
            {
                await QueueAsync(queued, FormattableString.Invariant($"{queued:N0} queued"), cancellationToken);
            }
        }

        if (options.Finished.Count > 2)
        {
            await QueueAsync(options.Queued[^1], FormattableString.Invariant($"{options.Finished[^1]:N0} finished, {options.Queued[^1]:N0} queued"), cancellationToken);
        }
    }

    private async Task QueueAsync(int queued, string level, CancellationToken cancellationToken)
    {
        await _filling.QueueAsync(queued, cancellationToken);
        await MeasureAsync(level, cancellationToken);
        await _filling.QueueAsync(queued, cancellationToken);
        await environment.Source.ExecuteAsync("insert into slowlane.paused (type) values ('spin'), ('profile'), ('rare') on conflict do nothing", cancellationToken);
        await TimeAsync(level, SweepStatements.Paused(), cancellationToken);
        await environment.Source.ExecuteAsync("delete from slowlane.paused", cancellationToken);
        await TimeAsync(level, SweepStatements.Lost(), cancellationToken);
        await _filling.QueueAsync(queued, cancellationToken);
        await _filling.WearAsync(cancellationToken);
        await MeasureAsync($"{level}, then worn", cancellationToken, judged: false);
        await _filling.QueueAsync(0, cancellationToken);
    }

    private async Task MeasureAsync(string level, CancellationToken cancellationToken, bool judged = true)
    {
        progress(level);
        var sample = await Sample.TakeAsync(environment.Source, options.Calls, cancellationToken);
        await TimeAsync(level, [.. SweepStatements.Quiet(sample), .. ListStatements.All(sample), .. new JobStatements(sample).All()], cancellationToken, judged);
    }

    private async Task TimeAsync(string level, IEnumerable<Statement> statements, CancellationToken cancellationToken, bool judged = true)
    {
        foreach (var statement in statements)
        {
            var cell = await TimeAsync(level, statement, cancellationToken);
            _cells.Add(cell);
            _faults.AddRange(Judgement.Of(cell.Plans, judged ? statement.Pages : long.MaxValue).Select(fault => $"{level}: '{statement.Name}' {fault}."));
        }
    }

    private async Task<Cell> TimeAsync(string level, Statement statement, CancellationToken cancellationToken)
    {
        var calls = statement.Sparing ? Math.Max(1, options.Calls / 10) : options.Calls;
        var times = await CallTimes.MeasureAsync(calls, () => statement.Call(environment.Timed), cancellationToken);
        await statement.Call(environment.Explained); // A connection's first look at a table reads the catalog.
        environment.Plans.Take();
        await statement.Call(environment.Explained);
        return Cell.Of(statement.Name, level, times, environment.Plans.Take());
    }
}
