using System.Globalization;
using Npgsql;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Profile;

/// <summary>A table of 20 columns as real ones have them, made by the server from the row's number alone: the same at every run.</summary>
internal static class WideTable
{
    /// <summary>What the columns are called, their types, and what they are made of. h1 to h4 are hashes of the row's number.</summary>
    public static readonly IReadOnlyList<WideColumn> Columns =
    [
        new("id", "bigint", Kind.Number, "n"),
        new("customer", "integer", Kind.Number, "h1 % 200000"),
        new("quantity", "smallint", Kind.Number, "1 + h2 % 12 * (h3 % 5)"),
        new("total", "numeric(12,2)", Kind.Number, "(h3 % 10000000)::numeric / 100"),
        new("tax_rate", "numeric(5,4)", Kind.Number, "case when h4 % 20 > 0 then (array[0, 0.07, 0.19, 0.2, 0.255])[1 + h1 % 5] end"),
        new("weight", "double precision", Kind.Number, "case when h1 % 10 > 0 then exp((h2 % 1000000) / 100000.0::float8) end"),
        new("score", "real", Kind.Number, "(h4 % 100003) / 1000.0::float8"),
        new("discount", "double precision", Kind.Number, "case when h3 % 4 = 0 then (h2 % 30) / 100.0::float8 else 0 end"),
        new("paid", "boolean", Kind.Boolean, "h2 % 3 > 0"),
        new("gift", "boolean", Kind.Boolean, "case when h4 % 2 = 0 then h4 % 14 = 0 end"),
        new("status", "text", Kind.Text, "(array['new', 'paid', 'packed', 'shipped', 'delivered', 'returned', 'cancelled'])[1 + h1 % 7]"),
        new("country", "char(2)", Kind.Text, "chr(65 + (h2 % 13)::int) || chr(65 + (h2 / 13 % 15)::int)"),
        new("city", "text", Kind.Text, "case when h3 % 50 > 0 then (array['Sankt ', 'Neu', 'Bad ', 'Großen', 'Köln-', ''])[1 + h3 % 6] || 'Ort ' || h3 % 7000 end"),
        new("email", "text", Kind.Text, "'user' || h1 % 4000037 || '@' || (array['example.com', 'mail.example.org', 'example.net'])[1 + h1 % 3]"),
        new("sku", "varchar(20)", Kind.Text, "upper(substr(md5((h4 % 30000)::text), 1, 4)) || '-' || lpad((h4 % 30000)::text, 6, '0')"),
        new("comment", "text", Kind.Text, "case when h2 % 3 = 0 then repeat('Please ring twice. ', (h3 % 8)::int) || md5(h4::text) end"),
        new("placed_at", "timestamp with time zone", Kind.Time, "timestamptz '2020-01-01 00:00+00' + (n * 17 + h1 % 17) * interval '1 second'"),
        new("changed_at", "timestamp", Kind.Time, "case when h2 % 5 > 0 then timestamp '2021-01-01' + (h4 % 100000000000000) * interval '1 microsecond' end"),
        new("due", "date", Kind.Time, "date '2020-01-01' + (h3 % 2500)::int"),
        new("reference", "uuid", Kind.Other, "md5(n::text)::uuid"),
    ];

    public const string Name = "orders";

    public static async Task MakeAsync(NpgsqlDataSource database, int rows, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync($"drop table if exists {Name}", cancellationToken);
        await database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            create unlogged table {Name} as select {string.Join(", ", Columns.Select(column => $"({column.Made})::{column.Type} as {column.Name}"))}
            from generate_series(1::bigint, {rows}) n,
                lateral (select hashint8extended(n, 1) & 9007199254740991 as h1, hashint8extended(n, 2) & 9007199254740991 as h2,
                    hashint8extended(n, 3) & 9007199254740991 as h3, hashint8extended(n, 4) & 9007199254740991 as h4) h
            """), cancellationToken);

        // What a table has that wasn't made a moment ago: statistics, and pages that need no more writing.
        await database.ExecuteAsync($"vacuum (freeze, analyze) {Name}", cancellationToken);
        await database.ExecuteAsync($"grant select on {Name} to slowlane_job", cancellationToken);
    }

    public static Task<string> SizeAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
        => database.ValueAsync<string>($"select pg_size_pretty(pg_table_size('{Name}'))", cancellationToken);
}
