using Npgsql;

namespace Slowlane.Jobs;

/// <summary>Looks up which objects of the database a refusal may mean, because PostgreSQL names an object without its schema.</summary>
internal static class DeniedObjects
{
    private const string Tables = $"""
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname = 'slowlane'
            and (c.relname = any ($3) or not 'insert' = any ($2) or has_table_privilege('{JobRole.Name}', c.oid, 'insert'))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') and exists (
            select from unnest($2::text[]) as privilege where not has_table_privilege('{JobRole.Name}', c.oid, privilege))
        order by 1
        """;

    private const string Sequences = $"""
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname), false
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relname = $1 and c.relkind = 'S' and not has_sequence_privilege('{JobRole.Name}', c.oid, 'usage')
        order by 1
        """;

    private const string Routines = $"""
        select quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')', false
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.proname = $1 and not has_function_privilege('{JobRole.Name}', p.oid, 'execute')
        order by 1
        """;

    private const string Types = $"""
        select quote_ident(n.nspname) || '.' || quote_ident(t.typname), false
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where t.typname = $1 and not has_type_privilege('{JobRole.Name}', t.oid, 'usage')
        order by 1
        """;

    private static readonly string[] Reading = ["select"];
    private static readonly string[] Writing = ["select", "insert", "update", "delete"];

    /// <summary>Finds the objects of the name that the jobs' role lacks a right to. None if they can't be looked up.</summary>
    /// <param name="denied">The refusal.</param>
    /// <param name="isWrite">Whether the job was writing its result.</param>
    /// <param name="closed">The tables of the schema <c>slowlane</c> that no job may use.</param>
    /// <param name="connection">A connection with the rights of the app's user.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<IReadOnlyList<DeniedCandidate>> FindAsync(
        PostgresException denied, bool isWrite, string[] closed, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var named = DeniedObject.Of(denied);
        if (Query(named) is not { } query)
        {
            return [];
        }

        try
        {
            return await AskAsync(query, named, isWrite, closed, connection, cancellationToken);
        }
        catch (NpgsqlException)
        {
            return []; // The refusal is told without the schema.
        }
    }

    private static string? Query(DeniedObject named) => named switch
    {
        { IsTable: true } => Tables,
        { IsRoutine: true } => Routines,
        { Kind: "sequence" } => Sequences,
        { Kind: "type" or "domain" } => Types,
        _ => null,
    };

    private static async Task<List<DeniedCandidate>> AskAsync(
        string query, DeniedObject named, bool isWrite, string[] closed, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is one of the constants above.
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = named.Name } } };
#pragma warning restore CA2100
        if (named.IsTable)
        {
            command.Parameters.Add(new() { Value = isWrite ? Writing : Reading });
            command.Parameters.Add(new() { Value = closed });
        }

        var found = new List<DeniedCandidate>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetString(0), reader.GetBoolean(1)));
        }

        return found;
    }
}

/// <summary>An object that a refusal may mean.</summary>
/// <param name="Name">Its name in SQL, with its schema.</param>
/// <param name="IsClosed">Whether it is Slowlane's own, so that no job should get a right to it.</param>
internal readonly record struct DeniedCandidate(string Name, bool IsClosed);
