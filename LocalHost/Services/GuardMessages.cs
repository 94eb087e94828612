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

/// <summary>A line of the guard's: a "note", "failed" with its message, or "ready" with the ports.</summary>
internal sealed record GuardEvent(string Event, string? Message, int DatabasePort, int BlobPort, int QueuePort);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GuardOrder))]
[JsonSerializable(typeof(GuardEvent))]
internal sealed partial class GuardJson : JsonSerializerContext;
