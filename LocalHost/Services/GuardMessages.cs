using System.Text.Json.Serialization;

namespace Slowlane.LocalHost.Services;

/// <summary>What the guard is told on its standard input.</summary>
internal sealed record GuardOrder(string Folder, bool Ephemeral, PostgresOrder? Postgres, AzuriteOrder? Azurite);

/// <param name="Native">The folder with PostgreSQL's bin, lib and share.</param>
/// <param name="Password">The superuser's.</param>
internal sealed record PostgresOrder(string Native, string Password);

/// <param name="Script">Azurite's entry point.</param>
/// <param name="Accounts">Accounts as <c>name:key;name:key</c>.</param>
internal sealed record AzuriteOrder(string Script, string Accounts);

/// <summary>A process that the guard ends when its host is gone, or no longer.</summary>
/// <param name="Process">Its id.</param>
/// <param name="Word">What stands in its command line; null when it ended.</param>
internal sealed record GuardTask(int Process, string? Word);

/// <summary>A line of the guard's: a "note", "failed" with its message, or "ready" with the ports.</summary>
internal sealed record GuardEvent(string Event, string? Message, int DatabasePort, int BlobPort, int QueuePort, int TablePort);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GuardOrder))]
[JsonSerializable(typeof(GuardTask))]
[JsonSerializable(typeof(GuardEvent))]
internal sealed partial class GuardJson : JsonSerializerContext;
