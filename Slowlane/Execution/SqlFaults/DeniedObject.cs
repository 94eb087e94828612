using System.Text.RegularExpressions;
using Npgsql;

namespace Slowlane.Execution.SqlFaults;

/// <summary>The object that PostgreSQL refuses, as its message names it: without a schema. Pure.</summary>
/// <param name="Kind">The kind, as <c>table</c> or <c>foreign server</c>; empty if the message does not tell it in English.</param>
/// <param name="Name">The name, without quotes; empty with the kind, but for a large object.</param>
internal readonly partial record struct DeniedObject(string Kind, string Name)
{
    public const string LargeObject = "large object";

    /// <summary>The kinds of the catalog that it may be of, as a grant names them. Null if the message does not tell.</summary>
    public string[]? CatalogKinds => Kind switch
    {
        "" => null,
        "view" or "materialized view" or "foreign table" => ["table"],
        "function" or "aggregate" or "procedure" => ["function", "procedure"],
        "domain" => ["type"],
        _ => [Kind],
    };

    /// <summary>Whether nobody but a superuser may use it.</summary>
    public bool IsPostgres => Name.StartsWith("pg_", StringComparison.Ordinal);

    public static DeniedObject Of(PostgresException denied)
    {
        // Only the source files of large objects tell one in every language.
        if (denied.File is "inv_api.c" or "be-fsstubs.c" && Number().Match(denied.MessageText) is { Success: true, Value: var number })
        {
            return new(LargeObject, number);
        }

        var match = Pattern().Match(denied.MessageText);
        return new(match.Groups["kind"].Value, match.Groups["name"].Value);
    }

    /// <summary>
    /// Whether a message that names no object in English may name one in another language. A function's own message is as its author wrote it.
    /// </summary>
    public static bool MayBeTranslated(PostgresException denied)
        => denied.Routine is not "exec_stmt_raise"
        && !denied.MessageText.StartsWith("permission denied", StringComparison.Ordinal) && !denied.MessageText.StartsWith("must ", StringComparison.Ordinal);

    [GeneratedRegex("^permission denied for (?<kind>(materialized |foreign |large )?[a-z]+) (?<name>.+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Number();
}
