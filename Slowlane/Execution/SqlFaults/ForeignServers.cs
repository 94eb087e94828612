using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution.SqlFaults;

/// <summary>Finds which foreign servers an error of another server means. Only some errors name one.</summary>
internal static class ForeignServers
{
    // A view reads what its rewrite rule depends on, a partitioned table its partitions.
    private const string Sql = $"""
        with recursive read (relation) as (
            select c.oid from pg_class c
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                and $1 ~ ('\m' || regexp_replace(c.relname, '(\W)', '\\\1', 'g') || '\M')
            union
            select below.oid from read cross join lateral (
                select d.refobjid from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                    and d.refclassid = 'pg_class'::regclass
                where w.ev_class = read.relation
                union all select inhrelid from pg_inherits where inhparent = read.relation) below (oid))
        select s.srvname::text, quote_ident(s.srvname), array(select split_part(o, '=', 1) from unnest(s.srvoptions) o),
            coalesce(u.name, '{JobRole.Name}'), (select array_agg(split_part(o, '=', 1)) from unnest(u.options) o),
            (select quote_ident(substr(o, 6)) from unnest(u.options) o where o like 'user=%'),
            quote_ident(n.nspname) || '.' || quote_ident(c.relname), array(select split_part(o, '=', 1) from unnest(f.ftoptions) o),
            quote_ident(coalesce((select substr(o, 13) from unnest(f.ftoptions) o where o like 'schema\_name=%'), n.nspname)) || '.'
                || quote_ident(coalesce((select substr(o, 12) from unnest(f.ftoptions) o where o like 'table\_name=%'), c.relname)),
            c.oid is not null and exists (select from read where relation = c.oid)
        from pg_foreign_server s
        left join (pg_foreign_table f join pg_class c on c.oid = f.ftrelid join pg_namespace n on n.oid = c.relnamespace) on f.ftserver = s.oid
        left join lateral (
            select case m.umuser when 0 then 'public' else quote_ident(m.usename) end as name, m.umoptions as options
            from pg_user_mappings m where m.srvid = s.oid order by m.usename <> '{JobRole.Name}', m.umuser limit 1) u on true
        order by 1, 7
        """;

    /// <summary>Finds the servers. None if they can't be looked up.</summary>
    /// <param name="failure">The error.</param>
    /// <param name="connection">A connection with the rights of the app's user.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<IReadOnlyList<ForeignCandidate>> FindAsync(
        PostgresException failure, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return Meant(failure, await AskAsync(failure, connection, cancellationToken));
        }
        catch (NpgsqlException)
        {
            return []; // The error is explained without names.
        }
    }

    /// <summary>
    /// Those that the message names; or those of the table that the remote statement names; or those that the job's statement reads; or all. Pure.
    /// </summary>
    internal static IReadOnlyList<ForeignCandidate> Meant(PostgresException failure, IReadOnlyList<ForeignCandidate> found)
        => Longest(Some(found, candidate => failure.SqlState is ['0', '8', ..] && IsNamed(failure.MessageText, candidate.Name)))
            ?? Some(found, candidate => candidate.RemoteTable is { } remote && failure.Where?.Contains(remote, StringComparison.Ordinal) == true)
            ?? Some(found, candidate => candidate.IsRead)
            ?? found;

    // A message quotes the name in its language's way. Part of it may be the name of another server.
    private static bool IsNamed(string message, string name)
        => Regex.IsMatch(message, $@"(?<=[^\w\s]){Regex.Escape(name)}(?=[^\w\s])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static List<ForeignCandidate>? Longest(List<ForeignCandidate>? named)
        => named?.FindAll(candidate => candidate.Name.Length == named.Max(other => other.Name.Length));

    private static List<ForeignCandidate>? Some(IReadOnlyList<ForeignCandidate> found, Func<ForeignCandidate, bool> isMeant)
        => found.Where(isMeant).ToList() is [_, ..] some ? some : null;

    private static async Task<List<ForeignCandidate>> AskAsync(PostgresException failure, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = failure.BatchCommand?.CommandText ?? "" } } };
        var found = new List<ForeignCandidate>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var hasTable = !await reader.IsDBNullAsync(6, cancellationToken);
            found.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                await reader.GetFieldValueAsync<string[]>(2, cancellationToken),
                reader.GetString(3),
                await reader.IsDBNullAsync(4, cancellationToken) ? null : await reader.GetFieldValueAsync<string[]>(4, cancellationToken),
                await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetString(5),
                hasTable ? reader.GetString(6) : null,
                await reader.GetFieldValueAsync<string[]>(7, cancellationToken),
                hasTable ? reader.GetString(8) : null,
                reader.GetBoolean(9)));
        }

        return found;
    }
}
