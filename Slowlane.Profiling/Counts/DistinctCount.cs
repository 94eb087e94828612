using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Counts;

/// <summary>The number of distinct values: of those that are counted as long as every value is, then the estimate of a <see cref="HyperLogLog"/>.</summary>
internal sealed class DistinctCount(CountTable table)
{
    private HyperLogLog? _estimate;

    public bool Exact => _estimate is null;

    public long Number => _estimate?.Estimate() ?? table.Used;

    /// <summary>To be called before values are removed from the table: from now on, the number is estimated.</summary>
    public void Estimate() => _estimate = Estimated();

    /// <summary>Adds values, which are in the table too if the number is exact.</summary>
    public void Add(ReadOnlySpan<ulong> hashes) => _estimate?.Add(hashes);

    /// <summary>Merges another number, whose values were merged into the table.</summary>
    public void Merge(DistinctCount other) => _estimate?.Merge(other._estimate ?? other.Estimated());

    public void Write(BinaryWriter state)
    {
        state.Write(_estimate is not null);
        _estimate?.Write(state);
    }

    public void Read(BinaryReader state)
    {
        if (state.ReadBoolean())
        {
            _estimate = new HyperLogLog();
            _estimate.Read(state);
        }
    }

    private HyperLogLog Estimated()
    {
        var estimate = new HyperLogLog();
        for (var slot = 0; slot < table.Length; slot++)
        {
            if (!table.IsFree(slot))
            {
                estimate.Add([table.HashOf(slot)]);
            }
        }

        return estimate;
    }
}
