namespace Slowlane.Profiling.Columns;

/// <summary>Follows the order of a column's values from row to row. Numbers and times are compared as whole numbers.</summary>
internal sealed class RowOrder
{
    private OrderSteps _steps;
    private bool _any;
    private long _first;
    private long _last;

    /// <summary>The name of the order. Null if there is none, or if there are fewer than two values.</summary>
    public string? Name => OrderNames.NameOf(_steps);

    /// <summary>The number that has the place of a double in PostgreSQL's order: -0 is 0, and NaN is the greatest.</summary>
    public static long PlaceOf(double value)
    {
        if (double.IsNaN(value))
        {
            return long.MaxValue;
        }

        var bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        return bits ^ ((bits >> 63) & long.MaxValue);
    }

    /// <summary>Adds the next value.</summary>
    public void Add(long value)
    {
        if (_steps >= OrderSteps.Unordered)
        {
            return; // Soon so in most columns.
        }

        if (_any)
        {
            _steps |= OrderNames.StepOf(value.CompareTo(_last));
        }
        else
        {
            (_any, _first) = (true, value);
        }

        _last = value;
    }

    /// <summary>Adds the values of another part of the table, which follows this one.</summary>
    public void Merge(RowOrder next)
    {
        if (next._any)
        {
            Add(next._first);
            _steps |= next._steps;
            _last = next._last;
        }
    }

    public void Write(BinaryWriter state)
    {
        state.Write((byte)_steps);
        state.Write(_any);
        state.Write(_first);
        state.Write(_last);
    }

    public void Read(BinaryReader state)
    {
        _steps = (OrderSteps)state.ReadByte();
        (_any, _first, _last) = (state.ReadBoolean(), state.ReadInt64(), state.ReadInt64());
    }
}
