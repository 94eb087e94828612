using Slowlane.Jobs;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Partitions;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling;

/// <summary>The profile of a table or of a partition while its chunks arrive.</summary>
internal sealed class TableProfile
{
    private readonly TablePart _part;
    private readonly CopyParser _parser;

    private TableProfile(ProfileSource source, int partitions)
    {
        _part = new TablePart(source, new ColumnSet(source.Columns, partitions));
        _parser = new CopyParser(_part.Set);
    }

    /// <summary>
    /// The progress from 0 to 1. NaN if the planner has no estimate. The estimate may be wrong, so the progress reaches 1 only when the profile is
    /// finished.
    /// </summary>
    private double Progress => _part.Source.EstimatedRows > 0 ? Math.Min(0.99, _part.Set.Rows / _part.Source.EstimatedRows) : double.NaN;

    /// <summary>Accumulates all chunks of a COPY stream.</summary>
    /// <exception cref="InvalidDataException">The stream is incomplete.</exception>
    public static TablePart Of(IEnumerable<ProfileChunk> chunks, int partitions, JobContext context)
    {
        TableProfile? profile = null;
        foreach (var chunk in chunks)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            profile ??= new TableProfile(chunk.Source, partitions);
            profile.Add(chunk);
            chunk.Release();
            context.ReportProgress(profile.Progress);
        }

        return profile?.Finish() ?? throw new InvalidDataException("No chunk came, not even the header of the COPY stream.");
    }

    private void Add(ProfileChunk chunk)
    {
        _part.Bytes += chunk.Bytes.Length;
        _parser.Parse(chunk.Bytes);
        _part.FinishedAt = chunk.FinishedAt;
    }

    private TablePart Finish() => _parser.Complete ? _part : throw new InvalidDataException("The COPY stream ended before its end mark.");
}
