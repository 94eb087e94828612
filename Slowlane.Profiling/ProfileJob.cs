using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Page;
using Slowlane.Profiling.Partitions;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling;

/// <summary>Profiles the columns of a PostgreSQL table or of inline rows, in one pass and in bounded memory.</summary>
internal sealed class ProfileJob : IPartitionedJobType<ProfileInput, ProfileChunk, ProfileReport>
{
    /// <summary>The options of profiles. A locked table is tried five times within two minutes.</summary>
    public static JobOptions Options { get; } = new() { TypicalDuration = TimeSpan.FromSeconds(2), Backoff = TimeSpan.FromSeconds(5) };

    /// <inheritdoc/>
    public static JsonTypeInfo<ProfileReport> ResultJson => ProfileJson.Report.ProfileReport;

    /// <inheritdoc/>
    public static Func<ProfileReport, ResultPage>? Page => ProfilePage.Of;

    /// <inheritdoc/>
    public static ProfileInput Parse(InputReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return ProfileInput.Read(reader);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ProfileChunk> FetchAsync(ProfileInput input, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(connection);
        return input.Table is null ? AsyncEnumerable.Empty<ProfileChunk>() : TableReader.ReadAsync(input, connection, cancellationToken);
    }

    /// <inheritdoc/>
    public ProfileReport Compute(ProfileInput input, IEnumerable<ProfileChunk> chunks, JobContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(context);
        return input.Rows is { } rows ? OfRows(input, rows, context) : TableProfile.Of(chunks, 1, context).Report(input, 1);
    }

    /// <inheritdoc/>
    public int PartitionsOf(ProfileInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Table is null ? 1 : input.Partitions;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> SplitAsync(ProfileInput input, int partitions, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(connection);
        return TableSplit.OfAsync(input, partitions, connection, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ProfileChunk> FetchPartitionAsync(ProfileInput input, string range, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(connection);
        return TableReader.ReadPartitionAsync(input, BlockRange.Parse(range), connection, cancellationToken);
    }

    /// <inheritdoc/>
    public byte[] ComputePartition(ProfileInput input, IEnumerable<ProfileChunk> chunks, JobContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(context);
        return PartitionState.Write(TableProfile.Of(chunks, input.Partitions, context), input.Partitions);
    }

    /// <inheritdoc/>
    public ProfileReport Merge(ProfileInput input, IReadOnlyList<byte[]> states, JobContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(context);
        var whole = PartitionState.Read(states[0], input.Partitions);
        foreach (var state in states.Skip(1))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            whole.Merge(PartitionState.Read(state, input.Partitions));
        }

        return whole.Report(input, states.Count);
    }

    /// <inheritdoc/>
    public Task WriteAsync(ProfileReport result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(context);
        return ProfileTables.WriteAsync(result, transaction, context.Id, cancellationToken);
    }

    private static ProfileReport OfRows(ProfileInput input, InlineRows rows, JobContext context)
    {
        const int rowsPerCheck = 256;
        var set = new ColumnSet(rows.Columns);
        var feeder = new RowFeeder(rows, set);
        for (var i = 0; i < rows.Rows.Count; i++)
        {
            if (i % rowsPerCheck == 0)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                context.ReportProgress((double)i / rows.Rows.Count);
            }

            feeder.Feed(i);
        }

        return new ProfileReport { Kind = "rows", RowCount = set.Rows, ColumnCount = rows.Columns.Count, BytesRead = 0, Columns = set.Report(input) };
    }
}
