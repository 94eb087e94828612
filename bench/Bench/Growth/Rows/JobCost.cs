using System.Text;
using Slowlane.Bench.Hosts;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>What a job writes in its life, whatever else the machine is doing.</summary>
/// <param name="Wal">Bytes of log a job: recorded, claimed, three heartbeats, written.</param>
/// <param name="Heartbeat">Bytes of log a heartbeat.</param>
/// <param name="InPlace">Which part of the heartbeats stayed within their page and touched no index.</param>
internal sealed record JobCost(double Wal, double Heartbeat, double InPlace)
{
    private const int Beats = 3;

    public static async Task<JobCost> MeasureAsync(GrowthEnvironment environment, int jobs, CancellationToken cancellationToken)
    {
        await WholePagesAsync(environment, "off", cancellationToken);
        var (stores, input, claims) = (environment.Timed, Encoding.UTF8.GetBytes("""{"id":7,"batch":"growth","job":12,"spin_ms":20}"""), new List<Claim>());
        var start = await LogAsync(environment, cancellationToken);
        SubmittedJob[] sent = [.. Enumerable.Range(0, jobs).Select(_ => new SubmittedJob(JobId.New(TimeProvider.System, Stores.Spin.Tag), Stores.Spin, input, null, null, TimeProvider.System.GetTimestamp()))];
        foreach (var batch in sent.Chunk(100))
        {
            await stores.Unclaimed.RecordAsync(batch, cancellationToken);
        }

        foreach (var job in sent)
        {
            claims.Add((await stores.ClaimAsync(new Envelope(job.Id, "spin", "{}", null)))!);
        }

        var (before, moved) = (await LogAsync(environment, cancellationToken), await InPlaceAsync(environment, cancellationToken));
        for (var beat = 0; beat < Beats; beat++)
        {
            foreach (var claim in claims)
            {
                await stores.Leases.RenewAsync([(claim, 0.1 * beat)], cancellationToken);
            }
        }

        var (after, stayed) = (await LogAsync(environment, cancellationToken), await InPlaceAsync(environment, cancellationToken) - moved);
        foreach (var claim in claims)
        {
            await JobStatements.SucceedAsync(stores, claim, cancellationToken);
        }

        await WholePagesAsync(environment, "on", cancellationToken);
        return new JobCost((await LogAsync(environment, cancellationToken) - start) / jobs, (after - before) / jobs / Beats, (double)stayed / jobs / Beats);
    }

    // How often a page is logged whole depends on when the last checkpoint was.
    private static async Task WholePagesAsync(GrowthEnvironment environment, string state, CancellationToken cancellationToken)
    {
        await environment.Source.ExecuteAsync($"alter system set full_page_writes = {state}", cancellationToken);
        await environment.Source.ExecuteAsync("select pg_reload_conf()", cancellationToken);
        await environment.Source.ExecuteAsync("checkpoint", cancellationToken);
    }

    private static async Task<double> LogAsync(GrowthEnvironment environment, CancellationToken cancellationToken)
        => (double)await environment.Source.ValueAsync<decimal>("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn", cancellationToken);

    // The statistics of a connection reach the table's within a second of its last statement; asked for, at once.
    private static async Task<long> InPlaceAsync(GrowthEnvironment environment, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.2), cancellationToken);
        await environment.Timed.Pauses.SinceAsync("none", cancellationToken);
        return await environment.Source.ValueAsync<long>("select n_tup_hot_upd from pg_stat_user_tables where schemaname = 'slowlane' and relname = 'job'", cancellationToken);
    }
}
