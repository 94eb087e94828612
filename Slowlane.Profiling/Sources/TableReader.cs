using System.Buffers;
using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling.Drift;

namespace Slowlane.Profiling.Sources;

/// <summary>Reads a table in one snapshot as one binary COPY stream, which is the cheapest way to read from PostgreSQL.</summary>
internal static class TableReader
{
    /// <exception cref="JobException">The table or a column does not exist, or it can't be read.</exception>
    public static async IAsyncEnumerable<ProfileChunk> ReadAsync(ProfileInput input, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // With repeatable read, the catalog, the name of the snapshot and the data belong to the same moment.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await foreach (var chunk in RowsAsync(input, range: null, connection, cancellationToken))
        {
            yield return chunk;
        }
    }

    /// <summary>Reads a partition of a table, in the transaction that the caller began and in the shared snapshot.</summary>
    /// <exception cref="JobException">The table or a column does not exist, or it can't be read.</exception>
    public static IAsyncEnumerable<ProfileChunk> ReadPartitionAsync(ProfileInput input, BlockRange range, NpgsqlConnection connection, CancellationToken cancellationToken)
        => RowsAsync(input, range, connection, cancellationToken);

    /// <summary>Reads the rows of a source; an error of PostgreSQL passes as it is. Separate from finding the table, which may change in between.</summary>
    /// <param name="source">The source.</param>
    /// <param name="select">The statement of <see cref="TableSelect"/> for it.</param>
    /// <param name="connection">A connection in a transaction that <see cref="TableReading"/> has prepared.</param>
    /// <param name="cancellationToken">Stops the server's reading too.</param>
    internal static async IAsyncEnumerable<ProfileChunk> CopyAsync(ProfileSource source, string select, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (var copy = await connection.BeginRawBinaryCopyAsync($"copy ({select}) to stdout (format binary)", cancellationToken))
        {
            var ended = false;
            try
            {
                while (!ended)
                {
                    var buffer = ArrayPool<byte>.Shared.Rent(ProfileChunk.Size);

                    // PostgreSQL sends one message for each row, and a read of the stream returns at most one message.
                    var length = await copy.ReadAtLeastAsync(buffer.AsMemory(0, ProfileChunk.Size), ProfileChunk.Size, throwOnEndOfStream: false, cancellationToken);
                    ended = length < ProfileChunk.Size;
                    yield return new ProfileChunk(source, buffer, length);
                }
            }
            finally
            {
                if (!ended)
                {
                    await StopAsync(copy);
                }
            }
        }

        yield return new ProfileChunk(source, [], 0) { FinishedAt = await ClockAsync(connection, cancellationToken) };
    }

    // A range is null for the whole table. The reading explains an error of PostgreSQL after the enumeration of the rows has ended by it.
    private static async IAsyncEnumerable<ProfileChunk> RowsAsync(ProfileInput input, BlockRange? range, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = new TableReading(input, connection);
        var source = await reading.ExplainAsync(() => reading.BeginAsync(cancellationToken), cancellationToken);
        source = await reading.ExplainAsync(() => BaselineReader.OfAsync(source, input, range, connection, cancellationToken), cancellationToken);
        source = await reading.ExplainAsync(() => range is null ? TableRewrites.LockAsync(source, connection, cancellationToken) : Task.FromResult(source), cancellationToken); // The coordinator has locked it for its partitions.
        source = await reading.ExplainAsync(() => RowEstimate.OfAsync(source, range, connection, cancellationToken), cancellationToken);
        source = await reading.ExplainAsync(() => FirstRows.OfAsync(source, range, input.FirstRows, connection, cancellationToken), cancellationToken);
        await using var rows = CopyAsync(source, TableSelect.Of(source, range), connection, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await reading.ExplainAsync(() => rows.MoveNextAsync().AsTask(), cancellationToken))
        {
            yield return rows.Current;
        }

        await reading.RequirePoliciesOffAsync(cancellationToken);
    }

    // Without this, disposal would read the table to its end, also if the token is cancelled between two reads.
    private static async Task StopAsync(NpgsqlRawCopyStream copy)
    {
        try
        {
            await copy.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The server already ended the copy with an error, which the caller receives.
        }
    }

    private static async Task<DateTimeOffset> ClockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new DateTimeOffset(row.GetDateTime(0));
    }
}
