using Slowlane.Profiling.Counts;

namespace Slowlane.Profiling.Columns;

/// <summary>Counts the texts of each kind.</summary>
internal sealed class KindCounts
{
    private readonly long[] _counts = new long[TextKinds.All.Count];

    /// <summary>Adds a text. One of which only the beginning is kept is of no kind.</summary>
    public void Add(ReadOnlySpan<byte> text, long count)
    {
        for (var kind = 0; kind < _counts.Length && text.Length <= ValueStore.ShownBytes; kind++)
        {
            if (TextKinds.All[kind].Matches(text))
            {
                _counts[kind] += count;
            }
        }
    }

    /// <summary>The kind of most texts. Null if too few are of one.</summary>
    public KindFigure? Describe(TextBasis basis)
    {
        var kind = Array.IndexOf(_counts, _counts.Max());
        var share = (double)_counts[kind] / basis.Of;
        return share >= TextKinds.Threshold ? new KindFigure(TextKinds.All[kind].Name, share, basis.Exact, basis.Method, basis.ShareError, basis.Of) : null;
    }
}
