using System.Text;
using Slowlane.Profiling;
using Slowlane.Profiling.Columns;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class TextKindsTests
{
    [Theory]
    [InlineData("2024-02-29", "date timestamp")]
    [InlineData("2023-02-29", "")]
    [InlineData("0000-01-01", "")]
    [InlineData("2024-13-01", "")]
    [InlineData("2024-2-29", "")]
    [InlineData("29.02.2024", "")]
    [InlineData("2024-02-29T23:59", "timestamp")]
    [InlineData("2024-02-29 23:59:59.123456+01", "timestamp")]
    [InlineData("2024-02-29T23:59:59Z", "timestamp")]
    [InlineData("2024-02-29T23:59:59,5-0130", "timestamp")]
    [InlineData("2024-02-29T23:59:59+01:30", "timestamp")]
    [InlineData("2024-02-29T24:00", "")]
    [InlineData("2024-02-29T23:59:60", "")]
    [InlineData("2024-02-29T23:59:59.", "")]
    [InlineData("2024-02-29T23:59:59+1", "")]
    [InlineData("2024-02-29T", "")]
    [InlineData("2024-02-29X23:59", "")]
    [InlineData("0", "number")]
    [InlineData("-12.50", "number")]
    [InlineData("+1e-7", "number")]
    [InlineData("0.5E10", "number")]
    [InlineData("007", "")]
    [InlineData("1.", "")]
    [InlineData(".5", "")]
    [InlineData("1e", "")]
    [InlineData("-", "")]
    [InlineData("1 000", "")]
    [InlineData("TRUE", "boolean")]
    [InlineData("n", "boolean")]
    [InlineData("truth", "")]
    [InlineData("F81D4FAE-7dec-11d0-a765-00a0c91e6bf6", "uuid")]
    [InlineData("f81d4fae07dec-11d0-a765-00a0c91e6bf6", "")]
    [InlineData("g81d4fae-7dec-11d0-a765-00a0c91e6bf6", "")]
    [InlineData("jane.doe+news@mail.example.com", "email")]
    [InlineData("jörg@größe.example", "email")]
    [InlineData("jane@localhost", "")]
    [InlineData("jane@-x.example.com", "")]
    [InlineData("jane@example..com", "")]
    [InlineData("jane@10.0.0.1", "")]
    [InlineData("jane doe@example.com", "")]
    [InlineData("@example.com", "")]
    [InlineData("a@b@example.com", "")]
    [InlineData("https://example.com/a?b=c#d", "url")]
    [InlineData("FTP://x", "url")]
    [InlineData("https://", "")]
    [InlineData("https:///a", "")]
    [InlineData("http://a b", "")]
    [InlineData("mailto:a@example.com", "")]
    [InlineData("192.168.0.255", "ipv4")]
    [InlineData("192.168.0.256", "")]
    [InlineData("192.168.0", "")]
    [InlineData("192.168.0.1.1", "")]
    [InlineData("192.168.00.1", "")]
    [InlineData("192.168..1", "")]
    [InlineData("", "")]
    [InlineData(" 5", "")]
    [Trait("Category", "Fast")]
    public void Text_IsOfTheKindsOfItsForm(string text, string kinds)
        => Assert.Equal(kinds, string.Join(' ', TextKinds.All.Where(kind => kind.Matches(Encoding.UTF8.GetBytes(text))).Select(kind => kind.Name)));

    [Theory]
    [InlineData("'2024-01-01'::date + n % 700", "date", @"^\d{4}-\d\d-\d\d$")]
    [InlineData("case when n % 2 = 0 then to_char(now(), 'YYYY-MM-DD') else (now() at time zone 'UTC')::text end", "timestamp", "^2")]
    [InlineData("(n % 900 - 300)::numeric / 10", "number", @"^-?\d+\.\d+$")]
    [InlineData("(array['yes', 'NO'])[1 + n % 2]", "boolean", "^(yes|NO)$")]
    [InlineData("md5(n::text)::uuid", "uuid", "^.{36}$")]
    [InlineData("'user' || n || '@mail.example.com'", "email", "@")]
    [InlineData("'https://example.com/' || repeat('a', n % 90)", "url", "^https")]
    [InlineData("'10.0.' || n % 256 || '.1'", "ipv4", @"^10\.")]
    public async Task Profile_OfTexts_HasTheKindThatNearlyAllAreOf(string value, string kind, string pattern)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"""
            create table t as select case when n % 20 = 0 then 'unknown' when n % 7 > 0 then ({value})::text end as most, case when n % 10 = 5 or n % 100 = 1 then 'unknown' else ({value})::text end as fewer
            from generate_series(1, 5000) n
            """);

        var columns = (await database.TableAsync("t")).Columns;

        var share = await database.QueryAsync<double>($"select count(*) filter (where most ~ '{pattern}')::float8 / count(most) from t");
        Assert.Equal(new KindFigure(kind, share, true, "counted-values", 0, columns[0].Count), columns[0].Kind);
        Assert.Null(columns[1].Kind);
    }
}
