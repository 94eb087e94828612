using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Columns;

/// <summary>The texts that figures are of: all of a column, or a sample of its distinct ones, each counted once.</summary>
/// <param name="Exact">Whether it is all of them.</param>
/// <param name="Of">Their number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextBasis(bool Exact, long Of)
{
    /// <summary>counted-values or sampled-values.</summary>
    public string Method => Exact ? "counted-values" : "sampled-values";

    /// <summary>The largest standard error of a share in a sample of so many.</summary>
    public double ShareError => Exact ? 0 : 0.5 / Math.Sqrt(Of);
}
