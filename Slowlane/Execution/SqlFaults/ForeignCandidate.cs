namespace Slowlane.Execution.SqlFaults;

/// <summary>A foreign server that an error of another server may mean, with one of its foreign tables. Names are quoted as SQL needs them.</summary>
/// <param name="Name">The server's name, not quoted.</param>
/// <param name="Server">The server.</param>
/// <param name="ServerOptions">The names of the options that it has.</param>
/// <param name="User">The user of its user mapping: the role of jobs, <c>public</c>, or another if these have none.</param>
/// <param name="UserOptions">The names of the mapping's options; null if they are hidden from the app's user.</param>
/// <param name="RemoteUser">The user that the mapping names; null if that is hidden from the app's user.</param>
/// <param name="Table">The foreign table with its schema; null if the server has none.</param>
/// <param name="TableOptions">The names of the options that the table has.</param>
/// <param name="RemoteTable">The table there, with its schema.</param>
/// <param name="IsRead">Whether the statement names the foreign table, or a relation that reads it.</param>
internal sealed record ForeignCandidate(
    string Name,
    string Server,
    IReadOnlyList<string> ServerOptions,
    string User,
    IReadOnlyList<string>? UserOptions,
    string? RemoteUser,
    string? Table,
    IReadOnlyList<string> TableOptions,
    string? RemoteTable,
    bool IsRead);
