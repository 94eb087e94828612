using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Slowlane.Jobs;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling.Drift;

/// <summary>Reads the profile to compare with, in the reading's own transaction and role.</summary>
internal static class BaselineReader
{
    private const string Sql = "select slowlane.profile_baseline($1, $2, $3, $4, $5)::text";

    /// <summary>The source with its baseline, if one was asked for. Of a table in partitions, the first partition has it.</summary>
    /// <exception cref="JobException">The named job is not a profile of the table.</exception>
    public static async Task<ProfileSource> OfAsync(ProfileSource source, ProfileInput input, BlockRange? range, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (input.Baseline is not { } asked || range is { From: > 0 })
        {
            return source;
        }

        var answer = await ReadAsync(source, input, asked, connection, cancellationToken);
        return answer.Profile is null && asked.Job is { } job
            ? throw BaselineFaults.Of(job, source.Table!, answer.Other)
            : source with { Baseline = answer.Profile };
    }

    private static async Task<BaselineAnswer> ReadAsync(ProfileSource source, ProfileInput input, BaselineInput asked, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                ProfileTables.Value(source.Table, NpgsqlDbType.Text),
                ProfileTables.Value(asked.Job?.Value, NpgsqlDbType.Uuid),
                ProfileTables.Value(ProfileTables.JsonOf(input.GivenWhere), NpgsqlDbType.Json),
                ProfileTables.Value(input.Sample?.Fraction, NpgsqlDbType.Double),
                ProfileTables.Value(input.RowSecurity, NpgsqlDbType.Boolean),
            },
        };
        try
        {
            return JsonSerializer.Deserialize((string)(await command.ExecuteScalarAsync(cancellationToken))!, BaselineJson.Read.BaselineAnswer)!;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw BaselineFaults.Denied(e);
        }
    }
}
