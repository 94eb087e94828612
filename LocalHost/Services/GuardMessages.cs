using System.Text.Json.Serialization;

namespace Slowlane.LocalHost.Services;

/// <summary>The order that the guard reads from its standard input.</summary>
internal sealed record GuardOrder(string Folder, bool Ephemeral, PostgresOrder? Postgres, AzuriteOrder? Azurite);

/// <param name="Native">The folder with PostgreSQL's bin, lib and share.</param>
/// <param name="Password">The password of the superuser.</param>
internal sealed record PostgresOrder(string Native, string Password);

/// <param name="Script">Azurite's entry point.</param>
/// <param name="Accounts">Accounts as <c>name:key;name:key</c>.</param>
internal sealed record AzuriteOrder(string Script, string Accounts);

/// <summary>A process to register with the guard or to unregister. The guard ends registered processes when its host is gone.</summary>
/// <param name="Process">The process id.</param>
/// <param name="Word">A word in the command line of the process. Null to unregister it.</param>
internal sealed record GuardTask(int Process, string? Word);

/// <summary>An event of the guard: "note" or "failed" with a message, "ended" with the server that ended by itself, or "ready" with the ports.</summary>
internal sealed record GuardEvent(string Event, string? Message, string? Server, int DatabasePort, int BlobPort, int QueuePort, int TablePort);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GuardOrder))]
[JsonSerializable(typeof(GuardTask))]
[JsonSerializable(typeof(GuardEvent))]
internal sealed partial class GuardJson : JsonSerializerContext;
