namespace Slowlane.Storage;

/// <summary>A trigger on a table of the engine's that is not the engine's, an audit's perhaps. Names are quoted as SQL needs them.</summary>
/// <param name="Name">The trigger.</param>
/// <param name="Table">The table, with its schema.</param>
/// <param name="Function">The function that it executes, with its schema.</param>
/// <param name="FunctionName">The function's name alone, as the context of its errors has it.</param>
internal sealed record ForeignTrigger(string Name, string Table, string Function, string FunctionName);
