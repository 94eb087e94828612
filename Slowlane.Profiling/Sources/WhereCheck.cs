using Npgsql;
using NpgsqlTypes;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>One statement that fails if a column of <c>where</c> can't be compared, or if its type can't read a value.</summary>
/// <param name="Condition">The column.</param>
/// <param name="Value">The value. Null to check whether the type has an equality.</param>
internal sealed record WhereCheck(WhereCondition Condition, string? Value)
{
    /// <summary>Whether the check is of the type and not of a value.</summary>
    public bool IsOfType => Value is null;

    /// <summary>The statement.</summary>
#pragma warning disable CA2100 // The type is named by the server.
    public NpgsqlBatchCommand Command { get; } = Value is null
        ? new($"select null::{Condition.Type} = null::{Condition.Type}")
        : new($"select $1::{Condition.Type} = $1::{Condition.Type}") { Parameters = { new NpgsqlParameter<string> { TypedValue = Value, NpgsqlDbType = NpgsqlDbType.Text } } };
#pragma warning restore CA2100

    public static IEnumerable<WhereCheck> Of(WhereCondition condition)
        => condition.Column.Values.Count == 0 ? [] : [new(condition, Value: null), .. condition.Column.Values.Select(value => new WhereCheck(condition, value))];

    /// <summary>
    /// Whether an error tells of the value or of its type. The class of the code: feature not supported, data, integrity, routines, unknown schema,
    /// syntax or unknown object, limits, PL/pgSQL. A right that is missing is no fault of the value.
    /// </summary>
    public static bool IsFault(PostgresException failure)
        => failure.SqlState[..2] is "0A" or "22" or "23" or "38" or "39" or "3F" or "42" or "54" or "P0" && failure.SqlState is not PostgresErrorCodes.InsufficientPrivilege;

    public string Fault(PostgresException failure) => Value is null
        ? $"the column '{Condition.Column.Name}' has the type {Condition.Type}, whose values can't be compared ({failure.MessageText}): only null can be asked for"
        : $"the column '{Condition.Column.Name}' has the type {Condition.Type}, which can't read '{JsonValue.Shorten(Value)}'";
}
