using Npgsql;

namespace Slowlane.Bench.Compare.Checks;

/// <summary>Reads what jobs wrote, on one connection that is opened again when the database was away.</summary>
internal sealed class ResultTable(string database) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private NpgsqlConnection? _connection;

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
    public Task<long> CountAsync(Batch batch, CancellationToken cancellationToken) => AskAsync(
        "select count(distinct job) from result where batch = $1", batch, async reader => await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0, cancellationToken);

    /// <summary>When the batch's last row was written; null when none was.</summary>
    public Task<DateTime?> LastWriteAsync(Batch batch, CancellationToken cancellationToken) => AskAsync(
        "select max(written_at) from result where batch = $1",
        batch,
        async reader => await reader.ReadAsync(cancellationToken) && !await reader.IsDBNullAsync(0, cancellationToken) ? reader.GetDateTime(0) : (DateTime?)null,
        cancellationToken);

    /// <summary>Balances the batch: to be asked once its flow is done.</summary>
    public async Task<Tally> TallyAsync(Batch batch, CancellationToken cancellationToken)
    {
        var rows = await AskAsync("select job, count(*) from result where batch = $1 group by job", batch, ReadAsync, cancellationToken);
        return Tally.Of(batch.Jobs, batch.Accepted, rows);

        async Task<Dictionary<int, long>> ReadAsync(NpgsqlDataReader reader)
        {
            var counts = new Dictionary<int, long>();
            while (await reader.ReadAsync(cancellationToken))
            {
                counts[reader.GetInt32(0)] = reader.GetInt64(1);
            }

            return counts;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            _connection = null;
        }
    }

    private async Task<T> AskAsync<T>(string sql, Batch batch, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var again = false; ; again = true)
        {
            try
            {
                return await AskOnceAsync(sql, batch, read, cancellationToken);
            }
            catch (NpgsqlException) when (!again)
            {
                await DisposeAsync(); // The connection was to a server that has been stopped since.
            }
        }
    }

    private async Task<T> AskOnceAsync<T>(string sql, Batch batch, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            _connection = new NpgsqlConnection(database + ";Pooling=false");
            await _connection.OpenAsync(cancellationToken);
        }

#pragma warning disable CA2100 // One of the constants above.
        await using var command = new NpgsqlCommand(sql, _connection) { Parameters = { new() { Value = batch.Name } } };
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await read(reader);
    }
}
