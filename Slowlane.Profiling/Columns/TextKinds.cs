namespace Slowlane.Profiling.Columns;

/// <summary>Whether a text in UTF-8 is of a kind.</summary>
internal delegate bool TextMatch(ReadOnlySpan<byte> text);

/// <summary>A kind of texts.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Matches">Whether a text is one.</param>
internal sealed record TextKind(string Name, TextMatch Matches);

/// <summary>All kinds of texts. docs/profile.md has the same table.</summary>
internal static class TextKinds
{
    /// <summary>The share of texts of a kind from which on the column is of that kind.</summary>
    public const double Threshold = 0.9;

    /// <summary>The kinds. Of two with equal shares the first one counts.</summary>
    public static IReadOnlyList<TextKind> All { get; } =
    [
        new("date", TextTimes.IsDate),
        new("timestamp", TextTimes.IsTimestamp),
        new("number", TextWords.IsNumber),
        new("boolean", TextWords.IsBoolean),
        new("uuid", TextWords.IsUuid),
        new("email", TextAddresses.IsEmail),
        new("url", TextAddresses.IsUrl),
        new("ipv4", TextAddresses.IsIpv4),
    ];
}
