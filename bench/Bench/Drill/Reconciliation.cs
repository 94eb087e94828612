using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Bench.Drill;

/// <summary>Reads the ends of a drill's jobs: from the callers' side, and from the database's.</summary>
internal sealed class Reconciliation(DrillCluster cluster, Callers callers)
{
    /// <summary>Time for a lease to run out, the sweep after it and another attempt; anew whenever a job is seen to be finished.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The ends, once all jobs are finished or it takes too long.</summary>
    public async Task<IReadOnlyCollection<JobEnd>> CloseAsync(IReadOnlyDictionary<int, Work> work)
    {
        using var timeIsUp = new CancellationTokenSource(Patience);
        var documents = new Dictionary<int, JsonElement>();
        foreach (var (job, location) in callers.Accepted)
        {
            documents[job] = await callers.FinishedAsync(location, timeIsUp.Token);
            if (!timeIsUp.IsCancellationRequested)
            {
                timeIsUp.CancelAfter(Patience);
            }
        }

        await using var database = NpgsqlDataSource.Create(cluster.Database);
        var spins = await CountsAsync(database, callers.Batch);
        var profiles = await ProfilesAsync(database);
        return [.. documents.Select(job => End(job.Key, work[job.Key], job.Value, spins, profiles))];
    }

    /// <summary>How many jobs the database knows.</summary>
    public Task<long> RowsAsync() => AskAsync("select count(*) from slowlane.job");

    /// <summary>How many leases ran out.</summary>
    public Task<long> LostLeasesAsync() => AskAsync("select sum(lost_leases) from slowlane.job");

    /// <summary>How many messages were put aside.</summary>
    public Task<long> PoisonAsync() => AskAsync("select count(*) from slowlane.poison");

    private static JobEnd End(int job, Work work, JsonElement document, Dictionary<int, long> spins, HashSet<Guid> profiles)
    {
        if (document.ValueKind is not JsonValueKind.Object)
        {
            return new JobEnd(job, work is Work.Fail, null, null, 0);
        }

        var writes = work is Work.LargeInput
            ? JobId.TryParse(document.GetProperty("id").GetString(), out var id) && profiles.Contains(id.Value) ? 1 : 0
            : spins.GetValueOrDefault(job);
        var error = document.GetProperty("error");
        var reason = error.ValueKind is JsonValueKind.Object ? error.GetProperty("type").GetString() : null;
        return new JobEnd(job, work is Work.Fail, document.GetProperty("status").GetString(), reason, writes);
    }

    private static async Task<Dictionary<int, long>> CountsAsync(NpgsqlDataSource database, string batch)
    {
        var counts = new Dictionary<int, long>();
        await using var command = database.CreateCommand("select job, count(*) from result where batch = $1 group by job");
        command.Parameters.Add(new() { Value = batch });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            counts[reader.GetInt32(0)] = reader.GetInt64(1);
        }

        return counts;
    }

    private static async Task<HashSet<Guid>> ProfilesAsync(NpgsqlDataSource database)
    {
        var ids = new HashSet<Guid>();
        await using var command = database.CreateCommand("select job_id from slowlane.profile");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private async Task<long> AskAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(cluster.Database);
#pragma warning disable CA2100 // One of the constants above.
        await using var command = database.CreateCommand(sql);
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
