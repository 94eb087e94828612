using Npgsql;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Compare.Checks;

/// <summary>Reads what jobs wrote, on one connection that is opened again when the database was away.</summary>
internal sealed class ResultTable(string database) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(database + ";Maximum Pool Size=1;No Reset On Close=true");

    /// <summary>Waits until so many jobs of the batch are written, or there was no new one for a while; returns how many are.</summary>
    public async Task<long> UntilAsync(Batch batch, int jobs, TimeSpan quiet, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        for (long last = -1; ;)
        {
            var written = await CountAsync(batch, cancellationToken);
            if (written != last)
            {
                last = written;
                since = TimeProvider.System.GetTimestamp();
            }

            if (written >= jobs || TimeProvider.System.GetElapsedTime(since) > quiet)
            {
                return written;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>How many of the batch's jobs are written.</summary>
    public async Task<long> CountAsync(Batch batch, CancellationToken cancellationToken)
        => (await AskAsync($"select count(distinct job) from result where batch = '{batch.Name}'", reader => reader.GetInt64(0), cancellationToken))[0];

    /// <summary>When the batch's last row was written; null when none was.</summary>
    public async Task<DateTime?> LastWriteAsync(Batch batch, CancellationToken cancellationToken)
    {
        var last = await AskAsync(
            $"select max(written_at) from result where batch = '{batch.Name}'", reader => reader.IsDBNull(0) ? (DateTime?)null : reader.GetDateTime(0), cancellationToken);
        return last[0];
    }

    /// <summary>Balances the batch: to be asked once its flow is done.</summary>
    public async Task<Tally> TallyAsync(Batch batch, CancellationToken cancellationToken)
    {
        var rows = await AskAsync(
            $"select job, count(*) from result where batch = '{batch.Name}' group by job",
            reader => KeyValuePair.Create(reader.GetInt32(0), reader.GetInt64(1)),
            cancellationToken);
        return Tally.Of(batch.Jobs, batch.Accepted, new Dictionary<int, long>(rows));
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<List<T>> AskAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _source.ListAsync(sql, read, cancellationToken);
        }
        catch (NpgsqlException)
        {
            _source.Clear(); // The connection was to a server that has been stopped since.
            return await _source.ListAsync(sql, read, cancellationToken);
        }
    }
}
