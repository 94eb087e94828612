using Slowlane.Jobs.Profiling.Columns;
using Slowlane.Jobs.Profiling.Sources;

namespace Slowlane.Jobs.Profiling;

/// <summary>A table's profile while its chunks come in.</summary>
internal sealed class TableProfile
{
    private readonly ProfileSource _source;
    private readonly ColumnSet _set;
    private readonly CopyParser _parser;
    private long _bytes;
    private DateTimeOffset? _finishedAt;

    public TableProfile(ProfileSource source)
    {
        _source = source;
        _set = new ColumnSet(source.Columns);
        _parser = new CopyParser(_set);
    }

    /// <summary>From 0 to 1; unknown (NaN) when the planner has no estimate. It may be wrong, so the end is only reached by finishing.</summary>
    public double Progress => _source.EstimatedRows > 0 ? Math.Min(0.99, _set.Rows / _source.EstimatedRows) : double.NaN;

    public void Add(ProfileChunk chunk)
    {
        _bytes += chunk.Bytes.Length;
        _parser.Parse(chunk.Bytes);
        _finishedAt = chunk.FinishedAt;
    }

    public ProfileReport Report(ProfileInput input)
    {
        if (!_parser.Complete)
        {
            throw new InvalidDataException("The COPY stream ended before its end mark.");
        }

        return new ProfileReport
        {
            Table = _source.Table,
            Kind = _source.Kind,
            RowCount = _set.Rows,
            ColumnCount = _source.Columns.Count,
            BytesRead = _bytes,
            Snapshot = _source.Snapshot,
            StartedAt = _source.StartedAt,
            FinishedAt = _finishedAt,
            Columns = _set.Report(input),
        };
    }
}
