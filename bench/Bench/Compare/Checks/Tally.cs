using System.Runtime.InteropServices;

namespace Slowlane.Bench.Compare.Checks;

/// <summary>What became of a batch of jobs.</summary>
/// <param name="Accepted">Answered with 202.</param>
/// <param name="Written">Of these, written at least once.</param>
/// <param name="Lost">Of these, never written.</param>
/// <param name="Repeated">Rows beyond the first of their job.</param>
/// <param name="Refused">Sent, and not answered with 202, or not answered at all.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Tally(int Accepted, int Written, int Lost, int Repeated, int Refused)
{
    /// <summary>True when every job that was sent was accepted, and every one written once.</summary>
    public bool Balances => Lost == 0 && Repeated == 0 && Refused == 0;

    /// <summary>True when every job that was accepted was written once.</summary>
    public bool KeepsItsWord => Lost == 0 && Repeated == 0;

    /// <param name="sent">How many jobs were sent.</param>
    /// <param name="accepted">The numbers of those accepted.</param>
    /// <param name="rows">How many rows each job wrote.</param>
    public static Tally Of(int sent, IReadOnlySet<int> accepted, IReadOnlyDictionary<int, long> rows)
    {
        var written = accepted.Count(rows.ContainsKey);
        return new Tally(accepted.Count, written, accepted.Count - written, (int)rows.Values.Sum(count => count - 1), sent - accepted.Count);
    }

    public static Tally operator +(Tally left, Tally right) => new(
        left.Accepted + right.Accepted, left.Written + right.Written, left.Lost + right.Lost, left.Repeated + right.Repeated, left.Refused + right.Refused);

    public static Tally Add(Tally left, Tally right) => left + right;
}
