namespace Slowlane.Bench.Growth.Report;

/// <summary>What an index is good for: who used it, and its size.</summary>
internal sealed record IndexUse(string Name, long Scans, long Bytes)
{
    private const string Query = """
        select indexrelname || '|' || idx_scan || '|' || pg_relation_size(indexrelid)
        from pg_stat_user_indexes where schemaname = 'slowlane' and relname in ('job', 'result', 'purged') order by relname, indexrelname
        """;

    public static async Task<IReadOnlyList<IndexUse>> ReadAsync(Sql sql, CancellationToken cancellationToken)
        => [.. (await sql.ListAsync<string>(Query, cancellationToken)).Select(line => line.Split('|')).Select(part => new IndexUse(part[0], Number(part[1]), Number(part[2])))];

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
