namespace Slowlane.Profiling.Columns;

/// <summary>The ends of values in the order of their bytes: of texts by code point, of uuid and bytea.</summary>
internal sealed class ByteEnds : ValueEnds
{
    private ulong _least = ulong.MaxValue; // The first bytes of the ends. They decide nearly every comparison.
    private ulong _greatest;

    public override void Add(ReadOnlySpan<byte> value)
    {
        if (Utf8.Beginning(value) is var beginning && (beginning <= _least || beginning >= _greatest))
        {
            Compare(value);
        }
    }

    private void Compare(ReadOnlySpan<byte> value)
    {
        var compared = value.Length > ComparedBytes ? value[..ComparedBytes] : value;
        if (Min is null || compared.SequenceCompareTo(Min) < 0)
        {
            (Min, _least) = (compared.ToArray(), Utf8.Beginning(compared));
        }

        if (Max is null || compared.SequenceCompareTo(Max) > 0)
        {
            (Max, _greatest) = (compared.ToArray(), Utf8.Beginning(compared));
        }
    }
}
