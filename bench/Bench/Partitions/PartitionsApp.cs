using System.Globalization;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Partitions;

/// <summary>The app with as many hosts as it is told, each with one worker.</summary>
/// <param name="services">Its servers.</param>
/// <param name="cluster">Its processes.</param>
/// <param name="stopping">Ends every wait.</param>
internal sealed class PartitionsApp(BenchServices services, AppCluster cluster, CancellationToken stopping)
{
    public async Task SetWorkersAsync(int count)
    {
        while (cluster.Hosts.Count < count)
        {
            await cluster.AddHostAsync(workers: 1, stopping);
        }

        await Task.WhenAll(Enumerable.Range(0, count).Select(WorkerAsync));
        await ResultAsync(await cluster.SubmitProfileAsync("""{"rows":[{"n":1}]}""", stopping)); // Warm, at least one of them.
    }

    /// <summary>The worker process of a host.</summary>
    public Task<int> WorkerAsync(int host) => cluster.Hosts[host].WorkerAsync(Node.Compute(0), stopping);

    public Task RemoveWorkerAsync() => cluster.RemoveHostAsync();

    public Task<string> SubmitAsync(int partitions) => cluster.SubmitProfileAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"table":"{{SampleTable.Name}}","partitions":{{partitions}}}"""), stopping);

    public Task<string> ResultAsync(string job) => cluster.ResultAsync(job, stopping);

    /// <summary>Waits until a part of the job is computed; a small job may be done by then.</summary>
    public async Task UntilPartAsync(string job)
    {
        while (!await services.Source.ValueAsync<bool>($"select coalesce((select finished_at is not null or exists (select from slowlane.part where job_id = id) from slowlane.job where id = '{RowId(job)}'), false)"))
        {
            await Task.Delay(20, stopping);
        }
    }

    /// <summary>How often the job's result was written.</summary>
    public Task<long> WrittenAsync(string job) => services.Source.ValueAsync<long>($"select count(*) from slowlane.profile where job_id = '{RowId(job)}'");

    private static Guid RowId(string job) => Guid.ParseExact(job[..32], "N");
}
