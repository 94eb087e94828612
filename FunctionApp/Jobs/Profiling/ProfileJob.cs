using Npgsql;
using Slowlane.Jobs.Profiling.Columns;
using Slowlane.Jobs.Profiling.Sources;

namespace Slowlane.Jobs.Profiling;

/// <summary>Profiles a table of PostgreSQL, or inline rows: what is in each column, in one pass and bounded memory.</summary>
public sealed class ProfileJob : IStreamingJobType<ProfileInput, ProfileChunk, ProfileReport>
{
    /// <summary>How profiles are run. A table that somebody locks is tried five times in two minutes.</summary>
    public static JobOptions Options { get; } = new() { UsualTime = TimeSpan.FromSeconds(2), Backoff = TimeSpan.FromSeconds(5) };

    /// <inheritdoc/>
    public ProfileInput Parse(InputReader reader)
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
        return input.Rows is { } rows ? OfRows(input, rows, context) : OfTable(input, chunks, context);
    }

    /// <inheritdoc/>
    public Task WriteAsync(ProfileReport result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(context);
        return ProfileTables.WriteAsync(result, transaction, context.Id, cancellationToken);
    }

    private static ProfileReport OfTable(ProfileInput input, IEnumerable<ProfileChunk> chunks, JobContext context)
    {
        TableProfile? profile = null;
        foreach (var chunk in chunks)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            profile ??= new TableProfile(chunk.Source);
            profile.Add(chunk);
            chunk.Release();
            context.ReportProgress(profile.Progress);
        }

        return profile?.Report(input) ?? throw new InvalidDataException("No chunk came, not even the header of the COPY stream.");
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
