using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling.Partitions;

/// <summary>The accumulated values of a table or of a partition of it. Partitions of one table in one snapshot can be merged.</summary>
internal sealed class TablePart(ProfileSource source, ColumnSet set)
{
    public ProfileSource Source { get; private set; } = source;

    public ColumnSet Set { get; } = set;

    public long Bytes { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <exception cref="InvalidDataException">The other partition is of another table or snapshot.</exception>
    public void Merge(TablePart other)
    {
        var theirs = other.Source;
        if (!string.Equals(Source.Table, theirs.Table, StringComparison.Ordinal) || !Source.Columns.SequenceEqual(theirs.Columns))
        {
            throw new InvalidDataException($"A part of {theirs.Table} came to one of {Source.Table}, or one of other columns.");
        }

        if (!string.Equals(Source.Snapshot, theirs.Snapshot, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"A part of {theirs.Table} was read in the snapshot {theirs.Snapshot}, another one in {Source.Snapshot}.");
        }

        Set.Merge(other.Set);
        Bytes += other.Bytes;
        Source = Source with
        {
            StartedAt = theirs.StartedAt < Source.StartedAt ? theirs.StartedAt : Source.StartedAt,
            Baseline = Source.Baseline ?? theirs.Baseline,
            FirstRows = [.. Source.FirstRows.Concat(theirs.FirstRows).Take(FirstRows.Most)],
        };
        FinishedAt = other.FinishedAt > FinishedAt ? other.FinishedAt : FinishedAt;
    }

    public ProfileReport Report(ProfileInput input, int partitions)
    {
        var columns = Set.Report(input, Source.StartedAt);
        return Report(input, partitions, columns) with { Drift = TableComparison.Of(input, Source, Set, columns) };
    }

    private ProfileReport Report(ProfileInput input, int partitions, IReadOnlyList<ColumnProfile> columns) => new()
    {
        Table = Source.Table,
        Kind = Source.Kind,
        RowSecurity = input.RowSecurity ? true : null,
        Where = input.GivenWhere,
        Sample = input.Sample,
        RowCount = Set.Rows,
        ColumnCount = Source.Columns.Count,
        BytesRead = Bytes,
        Partitions = partitions,
        Snapshot = Source.Snapshot,
        StartedAt = Source.StartedAt,
        FinishedAt = FinishedAt,
        FirstRows = input.FirstRows == 0 ? null : [.. Source.FirstRows.Take(input.FirstRows)],
        OtherColumns = Source.OtherColumns.Count == 0 ? null : Source.OtherColumns,
        Columns = columns,
    };
}
