using Npgsql;

namespace Slowlane.Storage.Schema;

/// <summary>
/// A trigger, rule, constraint or unique index on a table of the engine's that is not the engine's. It may keep rows from being written. Names are
/// quoted as SQL needs them.
/// </summary>
/// <param name="Kind">trigger, rule, constraint or unique index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Table">The table, with its schema.</param>
/// <param name="Function">The function that a trigger executes, with its schema. Empty otherwise.</param>
/// <param name="Mark">The name by which an error tells it, without quotes: that of the trigger's function, or its own.</param>
internal sealed record ForeignRule(string Kind, string Name, string Table, string Function, string Mark)
{
    public bool IsTrigger => Kind is "trigger";

    /// <summary>Whether it can drop a row without an error: a trigger that returns null, a rule that does something instead.</summary>
    public bool MayDrop => Kind is "trigger" or "rule";

    /// <summary>What makes it let rows pass.</summary>
    public string Remedy => Kind switch
    {
        "trigger" => $"Correct its function {Function}, or run as the owner of the table: alter table {Table} disable trigger {Name};",
        "constraint" => $"Run as the owner of the table: alter table {Table} drop constraint {Name};",
        "rule" => $"Run as the owner of the table: drop rule {Name} on {Table};",
        _ => $"Run as the owner of the table: drop index slowlane.{Name};",
    };

    /// <summary>Whether an error names it: a constraint by its name, a trigger in the context, unless its function is in C.</summary>
    public bool IsNamedBy(PostgresException failure) => IsTrigger
        ? failure.Where?.Contains(Mark, StringComparison.Ordinal) == true
        : string.Equals(Mark, failure.ConstraintName, StringComparison.Ordinal);
}
