using System.Buffers;
using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling.Parts;

namespace Slowlane.Profiling.Sources;

/// <summary>Reads a table as one binary COPY stream: the cheapest way out of PostgreSQL, in one snapshot.</summary>
internal static class TableReader
{
    /// <summary>How long to wait for somebody who locks the whole table, as PostgreSQL writes it: a lane stands idle meanwhile, so a later attempt is better than a longer wait.</summary>
    public const string LockTimeout = "10s";

    /// <exception cref="JobException">There is no such table or column, or it can't be read.</exception>
    public static async IAsyncEnumerable<ProfileChunk> ReadAsync(ProfileInput input, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Repeatable read: the catalog, the snapshot's name and the data are of one moment.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await LimitLocksAsync(connection, cancellationToken);
        var source = await Catalog.FindAsync(input.Table!, input.Columns, connection, cancellationToken);
        await foreach (var chunk in CopyAsync(source, "", connection, cancellationToken))
        {
            yield return chunk;
        }
    }

    /// <summary>Reads a part of a table, in the transaction that the caller began and the snapshot that it shares.</summary>
    /// <exception cref="JobException">There is no such table or column, or it can't be read.</exception>
    public static async IAsyncEnumerable<ProfileChunk> ReadPartAsync(ProfileInput input, BlockRange range, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await LimitLocksAsync(connection, cancellationToken);
        var source = await Catalog.FindAsync(input.Table!, input.Columns, connection, cancellationToken);
        source = source with { EstimatedRows = source.EstimatedRows * range.Share };
        await foreach (var chunk in CopyAsync(source, range.Condition, connection, cancellationToken))
        {
            yield return chunk;
        }
    }

    /// <summary>Until the transaction ends.</summary>
    public static async Task LimitLocksAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var limit = new NpgsqlCommand($"set local lock_timeout = '{LockTimeout}'", connection);
        await limit.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>As the select list of a statement.</summary>
    public static string ColumnsOf(ProfileSource source) => string.Join(", ", source.Columns.Select(column => column.Expression));

    /// <summary>What is read, by a condition that is empty for everything.</summary>
    internal static string SelectOf(ProfileSource source, string condition) => $"select {ColumnsOf(source)} from {source.Table} {condition}";

    /// <summary>Apart from finding the table, which may change in between.</summary>
    internal static async IAsyncEnumerable<ProfileChunk> CopyAsync(ProfileSource source, string condition, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (var copy = await BeginAsync(source, condition, connection, cancellationToken))
        {
            var ended = false;
            try
            {
                while (!ended)
                {
                    var buffer = ArrayPool<byte>.Shared.Rent(ProfileChunk.Size);
                    var length = await FillAsync(copy, buffer, source, cancellationToken);
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

    private static async Task<NpgsqlRawCopyStream> BeginAsync(ProfileSource source, string condition, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.BeginRawBinaryCopyAsync($"copy ({SelectOf(source, condition)}) to stdout (format binary)", cancellationToken);
        }
        catch (PostgresException exception) when (TableFaults.Of(exception, source.Table!) is not null)
        {
            throw TableFaults.Of(exception, source.Table!)!;
        }
    }

    // PostgreSQL sends a message a row and the stream hands out at most one at a time.
    private static async ValueTask<int> FillAsync(NpgsqlRawCopyStream copy, byte[] buffer, ProfileSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await copy.ReadAtLeastAsync(buffer.AsMemory(0, ProfileChunk.Size), ProfileChunk.Size, throwOnEndOfStream: false, cancellationToken);
        }
        catch (PostgresException exception) when (TableFaults.Of(exception, source.Table!) is not null)
        {
            throw TableFaults.Of(exception, source.Table!)!;
        }
    }

    // Without this, disposing would read the table to its end: also when the token was cancelled between two reads.
    private static async Task StopAsync(NpgsqlRawCopyStream copy)
    {
        try
        {
            await copy.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The server ended it first, by an error; that one is on its way to the caller.
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
