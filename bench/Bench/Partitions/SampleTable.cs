using System.Globalization;
using Npgsql;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Partitions;

/// <summary>A table with a column of each kind, made by the server from the row's number alone: the same at every run.</summary>
internal static class SampleTable
{
    public const string Name = "orders";

    public static async Task MakeAsync(NpgsqlDataSource database, int rows, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            create table {Name} as select
                n as id,
                (n * 7919 % 100003)::int as customer,
                (n % 10000)::numeric / 100 as total,
                sin(n) * 1000 as weight,
                timestamptz '2024-01-01' + n * interval '7 seconds' as placed_at,
                case when n % 10 = 0 then null else (n % 7)::smallint end as status,
                n % 3 = 0 as paid,
                'item ' || (n * 31 % 2003) as item,
                md5(n::text) as reference,
                repeat('x', (n % 50)::int) || n as comment
            from generate_series(1::bigint, {rows}) n
            """), cancellationToken);
        await database.ExecuteAsync($"analyze {Name}", cancellationToken);
        await database.ExecuteAsync($"grant select on {Name} to slowlane_job", cancellationToken);
    }

    public static Task<string> SizeAsync(NpgsqlDataSource database) => database.ValueAsync<string>($"select pg_size_pretty(pg_relation_size('{Name}'))");
}
