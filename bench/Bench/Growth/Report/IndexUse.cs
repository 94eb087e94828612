using Npgsql;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Growth.Report;

/// <summary>What an index is good for: who used it, and its size.</summary>
internal sealed record IndexUse(string Name, long Scans, long Bytes)
{
    private const string Query = """
        select indexrelname::text, idx_scan, pg_relation_size(indexrelid)
        from pg_stat_user_indexes where schemaname = 'slowlane' and relname in ('job', 'result', 'purged') order by relname, indexrelname
        """;

    public static async Task<IReadOnlyList<IndexUse>> ReadAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
        => await source.ListAsync(Query, reader => new IndexUse(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)), cancellationToken);
}
