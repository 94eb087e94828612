using System.Text.RegularExpressions;
using Npgsql;

namespace Slowlane.Jobs;

/// <summary>The object that PostgreSQL refuses, as its message names it: without a schema. Pure.</summary>
/// <param name="Kind">The kind, as <c>table</c> or <c>foreign server</c>; empty if the message does not tell it in English.</param>
/// <param name="Name">The name, without quotes.</param>
internal readonly partial record struct DeniedObject(string Kind, string Name)
{
    /// <summary>Whether it has columns that are read or written.</summary>
    public bool IsTable => Kind is "table" or "view" or "materialized view" or "foreign table";

    /// <summary>Whether it is called.</summary>
    public bool IsRoutine => Kind is "function" or "aggregate" or "procedure";

    /// <summary>Whether nobody but a superuser may use it.</summary>
    public bool IsPostgres => Name.StartsWith("pg_", StringComparison.Ordinal);

    public static DeniedObject Of(PostgresException denied)
    {
        var match = Pattern().Match(denied.MessageText);
        return new(match.Groups["kind"].Value, match.Groups["name"].Value);
    }

    [GeneratedRegex("^permission denied for (?<kind>(materialized |foreign )?[a-z]+) (?<name>.+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
