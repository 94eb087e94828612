using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>A report does not depend on how server, database, role or connection string set up the session.</summary>
public sealed class ProfileUnderOtherSettingsTests
{
    /// <summary>Types that are read as text, and texts that depend on a setting.</summary>
    internal const string Table = """
        create type mood as enum ('fine', 'so so');
        create table everything as select
            'é ☃ 😀 ' || n as word, n / 3.0::float8 as ratio, timestamptz '2024-02-03 04:05:06+00' + n * interval '1 hour' as at, make_interval(days => n) as wait,
            array[timestamptz '2024-02-03 04:05:06.7+00' + n * interval '1 day'] as times, tstzrange('2024-02-03 04:05:06+00', null) as span, array[date '2024-02-03' + n] as days,
            array[make_interval(days => n, secs => 1.5)] as waits, array[n / 3.0::float8] as ratios, array['\x00ff'::bytea] as blobs, 'pg_class'::regclass as name, 'so so'::mood as mood
        from generate_series(1, 200) as n
        """;

    private static readonly KeyValuePair<string, string>[] Settings =
    [
        new("client_encoding", "LATIN1"),
        new("DateStyle", "German"),
        new("IntervalStyle", "iso_8601"),
        new("TimeZone", "Asia/Tokyo"),
        new("extra_float_digits", "-5"),
        new("bytea_output", "escape"),
        new("quote_all_identifiers", "on"),
        new("synchronize_seqscans", "on"),
    ];

    [Theory]
    [InlineData("database")]
    [InlineData("role")]
    [InlineData("connection string")]
    public async Task Profile_WhateverSetsUpItsSession_IsTheSameToTheByte(string where)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Table);
        var expected = await ProfileAsync(database.ConnectionString);
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var role = "odd_" + Guid.NewGuid().ToString("N");
        await database.ExecuteAsync($"create role {role} login password 'x'; grant slowlane_job to {role}");
        try
        {
            if (where is "connection string")
            {
                (connection.ClientEncoding, connection.Timezone) = ("LATIN1", "Asia/Tokyo");
                connection.Options = string.Join(' ', Settings.Select(setting => $"-c {setting.Key}={setting.Value}"));
            }
            else
            {
                var target = where is "database" ? $"database {connection.Database}" : $"role {role}";
                await database.ExecuteAsync(string.Concat(Settings.Select(setting => $"alter {target} set {setting.Key} = '{setting.Value}';")));
                (connection.Username, connection.Password) = where is "role" ? (role, "x") : (connection.Username, connection.Password);
            }

            Assert.Equal(expected, await ProfileAsync(connection.ConnectionString));
        }
        finally
        {
            await database.ExecuteAsync($"revoke slowlane_job from {role}; drop role {role}");
        }
    }

    /// <summary>The report as JSON, without what differs between two runs.</summary>
    internal static string Comparable(ProfileReport report)
        => JsonSerializer.Serialize(report with { Snapshot = null, StartedAt = null, FinishedAt = null }, ProfileJson.Report.ProfileReport);

    private static async Task<string> ProfileAsync(string connectionString)
    {
        await using var source = Database.OpenForJobs(new SlowlaneOptions { Database = connectionString, Storage = "" });
        await using var connection = await JobRole.OpenAsync(source, Cancellation);
        var (input, _) = ProfileRun.Parse("""{"table":"everything"}""");
        return Comparable(await ProfileRun.ComputeAsync(input, connection, ProfileRun.Context(Cancellation)));
    }
}
