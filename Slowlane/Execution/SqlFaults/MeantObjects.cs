using System.Text.RegularExpressions;
using Npgsql;

namespace Slowlane.Execution.SqlFaults;

/// <summary>Decides which objects of a name a refusal means. PostgreSQL names an object without its schema. Pure.</summary>
internal static class MeantObjects
{
    // What belongs to a word. Chinese, Japanese and Korean put no space between words.
    private const string Inside = @"[\w$-[\p{IsCJKUnifiedIdeographs}\p{IsHiragana}\p{IsKatakana}\p{IsHangulSyllables}]]";

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Those that the message has as words, and of these those that the statement names: with their schemas, or without it on the search path. All
    /// that are left if it names none, as the statement of a view's reader does not.
    /// </summary>
    public static IReadOnlyList<DeniedCandidate> Of(PostgresException denied, IReadOnlyList<DeniedCandidate> found)
    {
        var text = string.Join('\n', denied.BatchCommand?.CommandText, denied.Where, denied.InternalQuery);
        var words = Some(found, candidate => HasWord(denied.MessageText, Regex.Escape(candidate.Name))) ?? [];
        return Some(words, candidate => candidate.Schema.Length > 0 && HasWord(text, $"{Either(candidate.Schema)}\\s*\\.\\s*{Either(candidate.Name)}"))
            ?? Some(words, candidate => candidate.IsVisible && HasWord(text, Either(candidate.Name)))
            ?? words;
    }

    private static List<DeniedCandidate>? Some(IReadOnlyList<DeniedCandidate> candidates, Func<DeniedCandidate, bool> isMeant)
    {
        try
        {
            return candidates.Where(isMeant).ToList() is [_, ..] some ? some : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null; // As if it named none: what is left is all.
        }
    }

    private static string Either(string name) => $"(\"{Regex.Escape(name)}\"|{Regex.Escape(name)})";

    private static bool HasWord(string text, string pattern)
        => Regex.IsMatch(text, $"(?<!{Inside}){pattern}(?!{Inside})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Limit);
}
