using System.Globalization;

namespace Slowlane.Profiling.Sources;

/// <summary>A column of <c>where</c> that the catalog has found.</summary>
/// <remarks>
/// A COPY takes no parameters. The values are settings of the transaction instead, each given to the server by parameter. The statement names
/// the settings, so it contains no text of the caller.
/// </remarks>
/// <param name="Column">The column and its values.</param>
/// <param name="Quoted">The column's name, quoted by the server.</param>
/// <param name="Type">The type that the values are read as, named by the server, without length or precision: those would cut a value.</param>
/// <param name="First">The number of the first value's setting. Those of further values follow.</param>
internal sealed record WhereCondition(WhereColumn Column, string Quoted, string Type, int First)
{
    private const string Prefix = "slowlane.where_";

    /// <summary>The condition in SQL.</summary>
    // A subselect is evaluated once and not for each row, and PostgreSQL can use an index with it.
    public string Sql => (Column.Values.Count, Column.OrNull) switch
    {
        (0, _) => $"{Quoted} is null",
        (_, true) => $"({Quoted} is null or {IsGiven})",
        _ => IsGiven,
    };

    private string IsGiven => $"{Quoted} in ({string.Join(", ", Column.Values.Select((_, i) => $"(select pg_catalog.current_setting('{SettingOf(First + i)}')::{Type})"))})";

    /// <summary>The name of a value's setting.</summary>
    public static string SettingOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");
}
