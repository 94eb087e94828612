using System.Text.Json.Serialization;
using Slowlane.Resilience;

namespace Slowlane.Storage.Schema;

/// <summary>What the database says of the app's user and the schema <c>slowlane</c>. Names are quoted as SQL needs them.</summary>
internal sealed record SchemaState
{
    /// <summary>The user that the app's sessions run as.</summary>
    public required string User { get; init; }

    /// <summary>The user that logs in. Another than <see cref="User"/> if a setting of the user or the database names a role.</summary>
    public required string Login { get; init; }

    /// <summary>The database's name.</summary>
    public required string Database { get; init; }

    /// <summary>The encoding of its text, as <c>UTF8</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>Whether the server is a standby, which takes no writes.</summary>
    public required bool IsStandby { get; init; }

    /// <summary>Whether new transactions are read only.</summary>
    public required bool IsReadOnly { get; init; }

    /// <summary>Which part of the queue of notifications is in use, from 0 to 1. Asking also frees what every listener has read.</summary>
    public required double NotificationQueueUsage { get; init; }

    /// <summary>Whether the schema exists.</summary>
    public required bool HasSchema { get; init; }

    /// <summary>Whether the user may create schemas in the database.</summary>
    public required bool MayCreateSchema { get; init; }

    /// <summary>Whether the user may name the schema's tables.</summary>
    public required bool MayUseSchema { get; init; }

    /// <summary>Whether the user may create tables in the schema.</summary>
    public required bool MayCreateInSchema { get; init; }

    /// <summary>The first schema of the search path that exists, where scripts create what they name without a schema; null if there is none.</summary>
    public required string? Path { get; init; }

    /// <summary>The settings that the server gives to new sessions of the user, as one text. Null if there are none.</summary>
    public required string? Settings { get; init; }

    /// <summary>What has the setting <c>role</c> for those sessions, as <c>role app in database shop</c>. Null if nothing has.</summary>
    public required string? RoleSetting { get; init; }

    /// <summary>Settings that begin with the connection: its options, or the environment's PGOPTIONS. No statement changes them.</summary>
    public required IReadOnlyList<string> ConnectionSettings { get; init; }

    /// <summary>A schema of the search path that the user may not use.</summary>
    public required string? ClosedPath { get; init; }

    /// <summary>Whether the user may create tables in that schema.</summary>
    public required bool MayCreateInPath { get; init; }

    /// <summary>Whether the role of the jobs' SQL exists.</summary>
    public required bool HasJobRole { get; init; }

    /// <summary>Whether the user may take that role.</summary>
    public required bool MayTakeJobRole { get; init; }

    /// <summary>Whether the user is a member of that role, without the right to take it perhaps.</summary>
    public required bool IsJobRoleMember { get; init; }

    /// <summary>Whether that role may name the schema's tables.</summary>
    public required bool JobRoleMayUseSchema { get; init; }

    /// <summary>Whether that role may use a schema of the search path.</summary>
    public required bool JobRoleHasPath { get; init; }

    /// <summary>What scripts granted to that role and it lacks, with the sequences of the tables that it may insert into, as <c>insert on slowlane.profile</c>.</summary>
    public required IReadOnlyList<string> LostGrants { get; init; }

    /// <summary>The owner of the tables, if that is not a role of the user's.</summary>
    public required string? OtherOwner { get; init; }

    /// <summary>The engine's tables that the schema lacks.</summary>
    public required IReadOnlyList<string> MissingTables { get; init; }

    /// <summary>The columns, unique indexes, functions and triggers that the schema lacks, as <c>column slowlane.job.id uuid</c>.</summary>
    public required IReadOnlyList<string> MissingParts { get; init; }

    /// <summary>Triggers of the engine that are there and do not fire, each with its table.</summary>
    public required IReadOnlyList<string> DisabledTriggers { get; init; }

    /// <summary>Triggers and rules that fire, constraints and unique indexes on the engine's tables that are not the engine's.</summary>
    public required IReadOnlyList<ForeignRule> ForeignRules { get; init; }

    /// <summary>Columns of the tables that no script creates, or that have another type.</summary>
    public required IReadOnlyList<OtherColumn> OtherColumns { get; init; }

    /// <summary>The engine's tables that are published and have no replica identity, so that the server refuses an update.</summary>
    public required IReadOnlyList<string> UnidentifiedTables { get; init; }

    /// <summary>The engine's tables that another session has locked whole, each with the session's process, as <c>slowlane.job 4711</c>.</summary>
    public required IReadOnlyList<string> Locks { get; init; }

    /// <summary>The engine's tables whose rows row-level security hides from the user.</summary>
    public required IReadOnlyList<string> FilteredTables { get; init; }

    /// <summary>The engine's tables that the user may not read and write.</summary>
    public required IReadOnlyList<string> ClosedTables { get; init; }

    /// <summary>Whether the table of the applied migrations exists.</summary>
    public bool HasMigrationTable => !MissingTables.Contains(SchemaObjects.MigrationTable, StringComparer.Ordinal);

    /// <summary>Whether the applied migrations can be read.</summary>
    public bool HasMigrations => HasMigrationTable && MayUseSchema && !ClosedTables.Contains(SchemaObjects.MigrationTable, StringComparer.Ordinal);
}

/// <summary>The names of the query's columns are those of the properties, in snake case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SchemaState))]
internal sealed partial class SchemaStateJson : JsonSerializerContext;
