using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>The least and the greatest value of a column, in the order that PostgreSQL has for its type.</summary>
internal abstract class ValueEnds
{
    /// <summary>The number of bytes of a value that are compared and kept.</summary>
    public const int ComparedBytes = 1024;

    /// <summary>The least value, as it arrived. Null without values.</summary>
    public byte[]? Min { get; protected set; }

    /// <summary>The greatest value.</summary>
    public byte[]? Max { get; protected set; }

    public abstract void Add(ReadOnlySpan<byte> value);

    public virtual void Merge(ValueEnds other)
    {
        if (other is { Min: { } min, Max: { } max })
        {
            Add(min);
            Add(max);
        }
    }

    public virtual void Write(BinaryWriter state)
    {
        state.WriteBytes(Min);
        state.WriteBytes(Max);
    }

    /// <summary>Reads a state. These ends must be new.</summary>
    public virtual void Read(BinaryReader state)
    {
        if ((state.ReadBytesOrNull(ComparedBytes), state.ReadBytesOrNull(ComparedBytes)) is ({ } min, { } max))
        {
            Add(min);
            Add(max);
        }
    }
}
