namespace Slowlane.Storage.Schema;

/// <summary>A column of a table of the engine's or a job type's that no script creates, or that has another type. Names are quoted as SQL needs them.</summary>
/// <param name="Table">The table, with its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as PostgreSQL's catalog names it.</param>
/// <param name="IsRequired">Whether it takes no null and has no default, so that the engine can't write a row.</param>
internal sealed record OtherColumn(string Table, string Name, string Type, bool IsRequired);
