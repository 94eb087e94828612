using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>Measures how long jobs of each type take: the median of the latest succeeded jobs.</summary>
/// <remarks>
/// The answer comes from memory and may be old, because submitting never touches the database. Look-ups of jobs start a new
/// measurement in the background, because they have just seen the database answer.
/// </remarks>
internal sealed partial class TypicalDurations(Database database, JobRegistry types, TimeProvider time, ILogger<TypicalDurations> log)
{
    private const int Latest = 50;

    // The index job_list leads straight to the latest jobs of each type, so the table's size does not matter.
    private const string Measure = $"""
        select t.name, percentile_cont(0.5) within group (order by extract(epoch from j.finished_at - j.started_at)::double precision)
        from unnest($1::text[]) as t(name)
        cross join lateral (
            select started_at, finished_at from slowlane.job
            where (type, status, id) > (t.name, {JobState.Succeeded}, $3) and (type, status) <= (t.name, {JobState.Succeeded})
            order by type desc, status desc, id desc limit $2) as j
        where j.started_at is not null
        group by t.name
        """;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private FrozenDictionary<string, TimeSpan> _measured = FrozenDictionary<string, TimeSpan>.Empty;
    private long _refreshed;

    /// <summary>Returns how long a job of the type usually takes: as measured, or as its options say until one has succeeded.</summary>
    public TimeSpan Of(JobDefinition type) => Volatile.Read(ref _measured).GetValueOrDefault(type.Name, type.Options.TypicalDuration);

    /// <summary>Starts a measurement in the background, unless one was started within the last 30 s; then the call costs nothing.</summary>
    public void Refresh()
    {
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _refreshed);
        if ((last == 0 || time.GetElapsedTime(last, now) >= Fresh) && Interlocked.CompareExchange(ref _refreshed, now, last) == last)
        {
            _ = MeasureAsync();
        }
    }

    /// <summary>Measures now. After a failure the old times stay.</summary>
    internal async Task MeasureAsync()
    {
        try
        {
            var measured = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
            await using var command = database.Command(Measure, types.Names.ToArray(), Latest, Guid.Empty);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
            {
                measured[reader.GetString(0)] = TimeSpan.FromSeconds(reader.GetDouble(1));
            }

            Volatile.Write(ref _measured, measured.ToFrozenDictionary(StringComparer.Ordinal));
        }
#pragma warning disable CA1031 // No caller waits for this, and only a hint depends on it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotMeasured(log, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The types' usual times could not be measured: {Reason}")]
    private static partial void NotMeasured(ILogger log, string reason);
}
