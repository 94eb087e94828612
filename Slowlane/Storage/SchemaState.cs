using Npgsql;

namespace Slowlane.Storage;

/// <summary>What the database says of the app's user and the schema <c>slowlane</c>. Names are quoted as SQL needs them.</summary>
/// <param name="User">The user that the app's sessions run as.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Encoding">The encoding of its text, as <c>UTF8</c>.</param>
/// <param name="IsStandby">Whether the server is a standby, which takes no writes.</param>
/// <param name="IsReadOnly">Whether new transactions are read only.</param>
/// <param name="HasSchema">Whether the schema exists.</param>
/// <param name="MayCreateSchema">Whether the user may create schemas in the database.</param>
/// <param name="MayUseSchema">Whether the user may name the schema's tables.</param>
/// <param name="MayCreateInSchema">Whether the user may create tables in the schema.</param>
/// <param name="OtherOwner">The owner of the tables, if that is not a role of the user's.</param>
/// <param name="MissingTables">The engine's tables that the schema lacks.</param>
/// <param name="ClosedTables">The engine's tables that the user may not read and write.</param>
internal sealed record SchemaState(
    string User,
    string Database,
    string Encoding,
    bool IsStandby,
    bool IsReadOnly,
    bool HasSchema,
    bool MayCreateSchema,
    bool MayUseSchema,
    bool MayCreateInSchema,
    string? OtherOwner,
    IReadOnlyList<string> MissingTables,
    IReadOnlyList<string> ClosedTables)
{
    /// <summary>The table of the applied migrations.</summary>
    public const string MigrationTable = "migration";

    /// <summary>The tables that the engine's migrations create.</summary>
    public static readonly string[] Tables = [MigrationTable, "job", "result", "cancellation", "poison", "purged", "paused", "part"];

    private const string Query = """
        select quote_ident(current_user), quote_ident(d.datname), pg_encoding_to_char(d.encoding)::text,
            pg_is_in_recovery(), current_setting('transaction_read_only')::boolean,
            n.oid is not null, has_database_privilege(d.oid, 'create'),
            coalesce(has_schema_privilege(n.oid, 'usage'), false), coalesce(has_schema_privilege(n.oid, 'create'), false),
            (select quote_ident(pg_get_userbyid(c.relowner)) from pg_class c
                where c.relnamespace = n.oid and c.relname = any ($1) and c.relkind = 'r' and not pg_has_role(c.relowner, 'usage') limit 1),
            array(select t from unnest($1) t
                where not exists (select from pg_class c where c.relnamespace = n.oid and c.relname = t and c.relkind = 'r') order by t),
            array(select c.relname::text from pg_class c
                where c.relnamespace = n.oid and c.relname = any ($1) and c.relkind = 'r' and not (has_table_privilege(c.oid, 'select')
                    and has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))
                order by c.relname)
        from pg_database d left join pg_namespace n on n.nspname = 'slowlane'
        where d.datname = current_database()
        """;

    /// <summary>Whether the table of the applied migrations exists.</summary>
    public bool HasMigrationTable => !MissingTables.Contains(MigrationTable, StringComparer.Ordinal);

    /// <summary>Whether the applied migrations can be read.</summary>
    public bool HasMigrations => HasMigrationTable && MayUseSchema && !ClosedTables.Contains(MigrationTable, StringComparer.Ordinal);

    /// <summary>Asks the database. The statement reads the catalog alone, which needs no right.</summary>
    public static async Task<SchemaState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection) { CommandTimeout = Storage.Database.LongestStatement, Parameters = { new() { Value = Tables } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SchemaState(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetBoolean(3),
            reader.GetBoolean(4),
            reader.GetBoolean(5),
            reader.GetBoolean(6),
            reader.GetBoolean(7),
            reader.GetBoolean(8),
            await reader.IsDBNullAsync(9, cancellationToken) ? null : reader.GetString(9),
            await reader.GetFieldValueAsync<string[]>(10, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(11, cancellationToken));
    }
}
