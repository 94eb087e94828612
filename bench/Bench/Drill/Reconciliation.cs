using System.Text.Json;
using Slowlane.Bench.Hosts;
using Slowlane.Jobs;

namespace Slowlane.Bench.Drill;

/// <summary>Reads the ends of a drill's jobs: from the callers' side, and from the database's.</summary>
internal sealed class Reconciliation(DrillCluster cluster, Callers callers)
{
    /// <summary>Time for a lease to run out, the sweep after it and another attempt; anew whenever a job is seen to be finished.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>The ends, once all jobs are finished or it takes too long.</summary>
    public async Task<IReadOnlyCollection<JobOutcome>> CloseAsync(IReadOnlyDictionary<int, Work> work)
    {
        using var timeIsUp = new CancellationTokenSource(Timeout);
        var documents = new Dictionary<int, JsonElement>();
        foreach (var (job, location) in callers.Accepted)
        {
            documents[job] = await callers.FinishedAsync(location, timeIsUp.Token);
            if (!timeIsUp.IsCancellationRequested)
            {
                timeIsUp.CancelAfter(Timeout);
            }
        }

        cluster.Source.Clear(); // Its sessions may be of a server that the plan has killed.
        var spins = await cluster.Source.ListAsync(
            $"select job, count(*) from result where batch = '{callers.Batch}' group by job", reader => KeyValuePair.Create(reader.GetInt32(0), reader.GetInt64(1)));
        var profiles = await cluster.Source.ListAsync<Guid>("select job_id from slowlane.profile");
        return [.. documents.Select(job => End(job.Key, work[job.Key], job.Value, new Dictionary<int, long>(spins), [.. profiles]))];
    }

    /// <summary>How many jobs the database knows.</summary>
    public Task<long> RowsAsync() => cluster.Source.ValueAsync<long>("select count(*) from slowlane.job");

    /// <summary>How many leases ran out.</summary>
    public Task<long> LostLeasesAsync() => cluster.Source.ValueAsync<long>("select coalesce(sum(lost_leases), 0)::bigint from slowlane.job");

    /// <summary>How many messages were put aside.</summary>
    public Task<long> PoisonAsync() => cluster.Source.ValueAsync<long>("select count(*) from slowlane.poison");

    private static JobOutcome End(int job, Work work, JsonElement document, Dictionary<int, long> spins, HashSet<Guid> profiles)
    {
        if (document.ValueKind is not JsonValueKind.Object)
        {
            return new JobOutcome(job, work is Work.Fail, null, null, 0);
        }

        var writes = work is Work.LargeInput
            ? JobId.TryParse(document.GetProperty("id").GetString(), out var id) && profiles.Contains(id.Value) ? 1 : 0
            : spins.GetValueOrDefault(job);
        var error = document.GetProperty("error");
        var reason = error.ValueKind is JsonValueKind.Object ? error.GetProperty("type").GetString() : null;
        return new JobOutcome(job, work is Work.Fail, document.GetProperty("status").GetString(), reason, writes);
    }
}
