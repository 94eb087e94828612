using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>The accumulators of a source's columns, and the number of its rows. Two of them for the same source can be merged.</summary>
internal sealed class ColumnSet
{
    private readonly IReadOnlyList<SourceColumn> _columns;

    public ColumnSet(IReadOnlyList<SourceColumn> columns, int partitions = 1)
    {
        var budget = ProfileBudget.For(columns.Count, partitions);
        _columns = columns;
        Accumulators = [.. columns.Select(column => ColumnAccumulator.For(column, budget))];
    }

    public ColumnAccumulator[] Accumulators { get; }

    public long Rows { get; set; }

    public void Merge(ColumnSet other)
    {
        Rows += other.Rows;
        for (var i = 0; i < Accumulators.Length; i++)
        {
            Accumulators[i].Merge(other.Accumulators[i]);
        }
    }

    public void Write(BinaryWriter state)
    {
        state.Write7BitEncodedInt64(Rows);
        foreach (var accumulator in Accumulators)
        {
            accumulator.Write(state);
        }
    }

    /// <summary>Reads the state of another instance. This instance must be empty.</summary>
    public void Read(BinaryReader state)
    {
        Rows = state.ReadCount();
        foreach (var accumulator in Accumulators)
        {
            accumulator.Read(state);
        }
    }

    /// <summary>The profiles of the columns.</summary>
    /// <param name="input">What was asked for.</param>
    /// <param name="startedAt">When the reading began. Null for inline rows.</param>
    public IReadOnlyList<ColumnProfile> Report(ProfileInput input, DateTimeOffset? startedAt = null)
        => [.. Accumulators.Select((accumulator, i) => accumulator.Report(i + 1, _columns[i], Rows, input, startedAt))];
}
