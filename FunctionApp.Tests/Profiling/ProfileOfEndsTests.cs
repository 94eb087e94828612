using System.Text;
using Slowlane.Profiling.Columns;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>Minimum and maximum are PostgreSQL's own, also of types that are read as text.</summary>
public sealed class ProfileOfEndsTests
{
    private const string Networks = """
        (select format('%s/%s', a, p)::inet as v from unnest(array['10.0.0.1', '10.0.0.2', '10.1.2.3', '9.255.0.0', '192.168.0.255', '0.0.0.0', '255.255.255.255']) a, unnest(array[0, 1, 8, 9, 16, 24, 31, 32]) p
        union all select format('%s/%s', a, p)::inet from unnest(array['::', '::1', '::ffff:10.0.0.1', '2001:db8::', '2001:db8:0:1::ff', 'fe80::1', 'ffff::']) a, unnest(array[0, 1, 16, 48, 64, 127, 128]) p) as networks
        """;

    [Theory]
    [InlineData("(array['so so', 'happy', 'fine'])[1 + n % 3]::mood")]
    [InlineData("(array['so so', 'happy', 'fine'])[1 + n % 3]::feeling")]
    [InlineData("md5(n::text)::uuid")]
    [InlineData("decode(md5(n::text), 'hex')")]
    [InlineData("decode(repeat('ff', n % 5), 'hex')")]
    [InlineData("(n * 7919 % 1000 - 300)::money / 7")]
    [InlineData("('10.0.0.' || n % 300 % 256)::inet")]
    [InlineData("(case when n % 2 = 0 then '2001:db8::' || n else '10.' || n % 9 || '.0.0/16' end)::inet")]
    [InlineData("network(('10.' || n % 9 || '.128.0/' || 17 + n % 8)::inet)")]
    public async Task Profile_OfATypeWithAnOrder_HasItsEnds(string value)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"""
            create type mood as enum ('sad', 'so so', 'happy', 'zealous');
            alter type mood add value 'fine' before 'so so';
            create domain feeling as mood;
            create table t as select case when n % 10 > 0 then {value} end as v from generate_series(1, 5000) n
            """);

        var column = Assert.Single((await database.TableAsync("t")).Columns);

        Assert.Equal(await database.QueryAsync<string>("select format('%s', v) from t where v is not null order by v limit 1"), column.Min);
        Assert.Equal(await database.QueryAsync<string>("select format('%s', v) from t where v is not null order by v desc limit 1"), column.Max);
        Assert.Equal(await database.QueryAsync<long>("select count(distinct v) from t"), column.Distinct.Value);
    }

    [Fact]
    public async Task NetworkAddresses_HaveTheOrderOfPostgres()
    {
        await using var database = await TestDatabase.CreateAsync();
        var ordered = await database.QueryAsync<string[]>($"select array_agg(format('%s', v) order by v) from {Networks}");

        var sorted = Enumerable.Reverse(ordered).OrderBy(text => NetworkAddress.Parse(Encoding.UTF8.GetBytes(text)), Comparer<NetworkAddress>.Create(NetworkAddress.Compare));

        Assert.Equal(ordered, sorted, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("$1,234.56", 123456)]
    [InlineData("-$0.05", -5)]
    [InlineData("($5.00)", -500)]
    [InlineData("-1.234,56 €", -123456)]
    [InlineData("￥ 12", 12)]
    [InlineData("-$92,233,720,368,547,758.08", long.MinValue)]
    public void Money_IsReadAsItsAmount(string text, long amount) => Assert.Equal(amount, MoneyText.Amount(Encoding.UTF8.GetBytes(text)));

    // Whoever renames a label changes the text of its values at once, also for who reads an older snapshot.
    [Fact]
    public void Labels_ThatTheCatalogDidNotHave_LeaveNoEnds()
    {
        var (known, renamed) = (new LabelEnds(["a", "b"]), new LabelEnds(["a", "b"]));
        known.Add("b"u8);
        renamed.Add("c"u8);
        renamed.Add("a"u8);

        known.Merge(renamed);

        Assert.Equal((null, null, null, null), (renamed.Min, renamed.Max, known.Min, known.Max));
    }
}
