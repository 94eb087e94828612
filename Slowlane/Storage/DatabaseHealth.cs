namespace Slowlane.Storage;

/// <summary>Whether the app can read and write its tables.</summary>
/// <param name="Reads">Whether reading works.</param>
/// <param name="Writes">Whether writing works.</param>
/// <param name="Reason">What does not work, and the remedy; null if both work.</param>
internal sealed record DatabaseHealth(bool Reads, bool Writes, string? Reason)
{
    public static readonly DatabaseHealth Good = new(Reads: true, Writes: true, Reason: null);

    public static DatabaseHealth Down(string reason) => new(Reads: false, Writes: false, reason);

    public static DatabaseHealth ReadOnly(string reason) => new(Reads: true, Writes: false, "Reading works, writing does not: " + reason);
}
