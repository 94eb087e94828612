using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>
/// Accumulates the values of a column in bounded memory. Two accumulators of the same column merge to the state that a single one would have.
/// </summary>
internal abstract class ColumnAccumulator(ProfileBudget budget, ValueKind kind)
{
    protected ValueCounts Values { get; } = new(budget.Distinct, budget.Bytes, kind, kind.Sampled ? budget.Sampled : 0);

    protected long Count { get; set; }

    /// <summary>Whether the most frequent values are shown.</summary>
    protected virtual bool HasTop => true;

    public static ColumnAccumulator For(SourceColumn column, ProfileBudget budget) => column.Layout switch
    {
        ValueLayout.Boolean => new BooleanAccumulator(budget),
        ValueLayout.WholeNumber => new WholeNumberAccumulator(budget),
        ValueLayout.Float4 or ValueLayout.Float8 => new FloatAccumulator(budget),
        ValueLayout.Numeric => new NumericAccumulator(budget),
        ValueLayout.Text => new TextAccumulator(budget, new ByteEnds(), described: true),
        ValueLayout.Other or ValueLayout.Json => new TextAccumulator(budget),
        ValueLayout.Label => new TextAccumulator(budget, new LabelEnds(column.Labels ?? [])),
        ValueLayout.Network => new TextAccumulator(budget, new ParsedEnds<NetworkAddress>(NetworkAddress.Parse, NetworkAddress.Compare)),
        ValueLayout.Money => new TextAccumulator(budget, new ParsedEnds<long>(MoneyText.Amount, static (one, other) => one.CompareTo(other))),
        ValueLayout.Bytes => new BytesAccumulator(budget),
        ValueLayout.Uuid => new UuidAccumulator(budget),
        _ => new TimeAccumulator(budget, column.Layout),
    };

    /// <summary>Adds a value in the layout of the column.</summary>
    public abstract void Add(ReadOnlySpan<byte> value);

    /// <summary>Adds a value that arrived in pieces.</summary>
    public virtual void Add(LongValue value)
        => throw new InvalidDataException($"A value of {value.Length} bytes came for a type of no such size.");

    /// <summary>Merges another accumulator of the same column into this one.</summary>
    public abstract void Merge(ColumnAccumulator other);

    /// <summary>Writes the state, for another process to merge.</summary>
    public void Write(BinaryWriter state)
    {
        state.Write7BitEncodedInt64(Count);
        Values.Write(state);
        WriteFigures(state);
    }

    /// <summary>Reads the state of another accumulator of the same column. This accumulator must be empty.</summary>
    public void Read(BinaryReader state)
    {
        Count = state.ReadCount();
        Values.Read(state);
        ReadFigures(state);
    }

    /// <summary>The profile of the column.</summary>
    /// <param name="ordinal">The position in the report, from 1.</param>
    /// <param name="column">The column.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="input">What was asked for.</param>
    /// <param name="startedAt">When the reading began. Null for inline rows.</param>
    public ColumnProfile Report(int ordinal, SourceColumn column, long rows, ProfileInput input, DateTimeOffset? startedAt)
    {
        var head = new ColumnProfile
        {
            Ordinal = ordinal,
            Name = column.Name,
            Type = column.Type,
            Count = Count,
            Nulls = rows - Count,
            Distinct = Values.Exact ? new(Values.Distinct, true, "hash-set", 0) : new(Math.Min(Values.Distinct, Count), false, "hyperloglog", HyperLogLog.RelativeError),
            Top = HasTop && input.Top > 0 ? Frequent.Of(Values, input.Top, Show) : null,
        };
        var profile = Describe(head, input);
        return startedAt is { } time ? DescribeAt(profile, time) : profile;
    }

    /// <summary>The numbers or times, as the report prints their values, in order. Null for other types.</summary>
    public virtual SortedValues? Sorted() => null;

    /// <summary>How often a value occurs, given as the report shows it, and the number by which that may be too low. Null if it can't be looked up.</summary>
    public (long Count, long Error)? CountOf(string shown) => HashOf(shown) is { } hash ? Values.CountOf(hash) : null;

    /// <summary>The hash of a value by its text. Null if the text is none of the type, or doesn't tell the hash.</summary>
    protected virtual ulong? HashOf(string shown) => null;

    protected abstract void WriteFigures(BinaryWriter state);

    protected abstract void ReadFigures(BinaryReader state);

    protected abstract ColumnProfile Describe(ColumnProfile head, ProfileInput input);

    /// <summary>Adds the figures that depend on when the reading began.</summary>
    protected virtual ColumnProfile DescribeAt(ColumnProfile profile, DateTimeOffset startedAt) => profile;

    /// <summary>A value as PostgreSQL prints it, and whether only its beginning is shown.</summary>
    protected abstract (string Text, bool Shortened) Show(FrequentValue value);

    protected void MergeCounts(ColumnAccumulator other)
    {
        Count += other.Count;
        Values.Merge(other.Values);
    }
}
