using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.Profiling;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

/// <summary>A shell whose libpq variables are meant for another server.</summary>
public sealed partial class LibpqVariablesTests
{
    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["PGCLIENTENCODING"] = "LATIN1",
        ["PGTZ"] = "Asia/Tokyo",
        ["PGDATESTYLE"] = "German",
        ["PGOPTIONS"] = "-c default_transaction_read_only=on -c IntervalStyle=iso_8601",
        ["PGSSLNEGOTIATION"] = "direct",
        ["PGGSSENCMODE"] = "require",
        ["PGREQUIREAUTH"] = "md5",
        ["PGDATA"] = "/nowhere",
    };

    [Fact]
    public async Task Host_UnderLibpqVariables_StartsProfilesAndStoresAsWithoutThem()
    {
        await using var host = await HostProcess.StartAsync(Variables, "--ephemeral", "--workers", "1");
        await using var source = NpgsqlDataSource.Create(Database(host.Output));
        await ExecuteAsync(source, ProfileUnderOtherSettingsTests.Table + "; grant select on everything to slowlane_job");

        var (input, _) = ProfileRun.Parse("""{"table":"everything"}""");
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        var expected = await ProfileRun.ComputeAsync(input, connection, ProfileRun.Context(Cancellation));
        Assert.Equal(ProfileUnderOtherSettingsTests.Comparable(expected), ProfileUnderOtherSettingsTests.Comparable(await ProfileAsync(host, """{"table":"everything"}""")));

        var rows = await ProfileAsync(host, """{"rows":[{"word":"é ☃ 😀"}]}""");
        Assert.Equal("é ☃ 😀", Assert.Single(rows.Columns).Min);
        await using var stored = new NpgsqlCommand("select count(*) from slowlane.profile_column where name = 'word' and min = 'é ☃ 😀' and max = min", connection);
        Assert.Equal(1L, await stored.ExecuteScalarAsync(Cancellation));

        Assert.Equal(0, await host.SignalAsync("-TERM"));
        await host.LeavesNothingAsync();
    }

    private static async Task<ProfileReport> ProfileAsync(HostProcess host, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var accepted = await host.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var result = new Uri($"{accepted.Headers.Location!.OriginalString}/result?wait=30", UriKind.RelativeOrAbsolute);
        return await Eventually.SeesAsync(
            async () =>
            {
                using var answer = await host.Client.GetAsync(result, Cancellation);
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Cancellation));
                return answer.StatusCode is HttpStatusCode.OK ? await answer.Content.ReadFromJsonAsync(ProfileJson.Report.ProfileReport, Cancellation) : null;
            },
            report => report is not null) ?? throw new InvalidOperationException();
    }

    private static string Database(string output)
    {
        var uri = DatabaseUri().Match(output);
        return new NpgsqlConnectionStringBuilder { Host = uri.Groups["host"].Value, Port = int.Parse(uri.Groups["port"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), Username = "postgres", Password = uri.Groups["password"].Value, Database = "slowlane" }.ConnectionString;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    [GeneratedRegex("postgresql://postgres:(?<password>[0-9a-f]+)@(?<host>[0-9.]+):(?<port>[0-9]+)/slowlane", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DatabaseUri();
}
