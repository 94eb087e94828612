using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Follows the order of numeric values from row to row, as <see cref="RowOrder"/> does of others.</summary>
internal sealed class NumericOrder
{
    private OrderSteps _steps;
    private byte[]? _first;
    private byte[] _last = [];
    private int _length; // Of the last value.

    /// <summary>The name of the order. Null if there is none, or if there are fewer than two values.</summary>
    public string? Name => OrderNames.NameOf(_steps);

    private ReadOnlySpan<byte> Last => _last.AsSpan(0, _length);

    /// <summary>Adds the next value.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        if (_steps >= OrderSteps.Unordered)
        {
            return;
        }

        if (_first is null)
        {
            _first = value.ToArray();
        }
        else
        {
            _steps |= OrderNames.StepOf(NumericValue.Compare(value, Last));
        }

        Keep(value);
    }

    /// <summary>Adds a value that can't be compared with others.</summary>
    public void AddUnknown() => _steps = OrderSteps.Unordered;

    /// <summary>Adds the values of another part of the table, which follows this one.</summary>
    public void Merge(NumericOrder next)
    {
        if (next._first is not null)
        {
            Add(next._first);
            Keep(next.Last);
        }

        _steps |= next._steps;
    }

    public void Write(BinaryWriter state)
    {
        state.Write((byte)_steps);
        state.WriteBytes(_first);
        state.WriteBytes(Last.ToArray());
    }

    public void Read(BinaryReader state)
    {
        _steps = (OrderSteps)state.ReadByte();
        _first = state.ReadBytesOrNull(LongValue.Threshold);
        Keep(state.ReadBytesOrNull(LongValue.Threshold));
    }

    private void Keep(ReadOnlySpan<byte> value)
    {
        if (value.Length > _last.Length)
        {
            _last = new byte[value.Length];
        }

        value.CopyTo(_last);
        _length = value.Length;
    }
}
