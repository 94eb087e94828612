using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Slowlane.Jobs;

namespace Slowlane.Profiling;

/// <summary>Writes a report to the tables <c>slowlane.profile</c> and <c>slowlane.profile_column</c>, in one round trip.</summary>
internal static class ProfileTables
{
    /// <summary>The columns that are written.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        .. Of("slowlane.profile", "job_id uuid", "table_name text", "kind text", "row_count int8", "column_count int4", "bytes_read int8", "snapshot text",
            "started_at timestamptz", "finished_at timestamptz", "row_security bool", "where_values json", "sample_fraction float8", "other_columns _text"),
        .. Of("slowlane.profile_column", "job_id uuid", "ordinal int4", "name text", "type text", "value_count int8", "null_count int8", "distinct_count int8",
            "distinct_exact bool", "min text", "max text", "mean float8", "standard_deviation float8", "q1 float8", "median float8", "q3 float8", "details jsonb"),
    ];

    private const string InsertProfile = """
        insert into slowlane.profile (job_id, table_name, kind, row_count, column_count, bytes_read, snapshot, started_at, finished_at, row_security, where_values, sample_fraction,
            other_columns)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    private const string InsertColumns = """
        insert into slowlane.profile_column (job_id, ordinal, name, type, value_count, null_count, distinct_count,
            distinct_exact, min, max, mean, standard_deviation, q1, median, q3, details)
        select $1, ordinal, name, type, value_count, null_count, distinct_count,
            distinct_exact, min, max, mean, standard_deviation, q1, median, q3, details::jsonb
        from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            as c (ordinal, name, type, value_count, null_count, distinct_count,
                distinct_exact, min, max, mean, standard_deviation, q1, median, q3, details)
        """;

    public static async Task WriteAsync(ProfileReport report, NpgsqlTransaction transaction, JobId job, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction) { BatchCommands = { ProfileOf(report, job), ColumnsOf(report.Columns, job) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The values of <c>where</c> as they are written.</summary>
    public static string? JsonOf(IReadOnlyDictionary<string, JsonElement>? where)
        => where is null ? null : JsonSerializer.Serialize(where, ProfileJson.Report.IReadOnlyDictionaryStringJsonElement);

    /// <summary>A parameter. A null value is an SQL null.</summary>
    public static NpgsqlParameter Value(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static IEnumerable<string> Of(string table, params string[] columns) => columns.Select(column => $"{table}.{column}");

    private static NpgsqlBatchCommand ProfileOf(ProfileReport report, JobId job) => new(InsertProfile)
    {
        Parameters =
        {
            Value(job.Value, NpgsqlDbType.Uuid),
            Value(report.Table, NpgsqlDbType.Text),
            Value(report.Kind, NpgsqlDbType.Text),
            Value(report.RowCount, NpgsqlDbType.Bigint),
            Value(report.ColumnCount, NpgsqlDbType.Integer),
            Value(report.BytesRead, NpgsqlDbType.Bigint),
            Value(report.Snapshot, NpgsqlDbType.Text),
            Value(report.StartedAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Value(report.FinishedAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Value(report.RowSecurity ?? false, NpgsqlDbType.Boolean),
            Value(JsonOf(report.Where), NpgsqlDbType.Json),
            Value(report.Sample?.Fraction, NpgsqlDbType.Double),
            Value(report.Table is null ? null : report.OtherColumns ?? [], NpgsqlDbType.Array | NpgsqlDbType.Text),
        },
    };

    private static NpgsqlBatchCommand ColumnsOf(IReadOnlyList<ColumnProfile> columns, JobId job) => new(InsertColumns)
    {
        Parameters =
        {
            Value(job.Value, NpgsqlDbType.Uuid),
            Array(columns, column => column.Ordinal, NpgsqlDbType.Integer),
            Array(columns, column => column.Name, NpgsqlDbType.Text),
            Array(columns, column => column.Type, NpgsqlDbType.Text),
            Array(columns, column => column.Count, NpgsqlDbType.Bigint),
            Array(columns, column => column.Nulls, NpgsqlDbType.Bigint),
            Array(columns, column => column.Distinct.Value, NpgsqlDbType.Bigint),
            Array(columns, column => column.Distinct.Exact, NpgsqlDbType.Boolean),
            Array(columns, column => column.Min, NpgsqlDbType.Text),
            Array(columns, column => column.Max, NpgsqlDbType.Text),
            Array(columns, column => column.Numbers?.Mean, NpgsqlDbType.Double),
            Array(columns, column => column.Numbers?.StandardDeviation, NpgsqlDbType.Double),
            Array(columns, column => column.Numbers?.Quantiles?.Q1, NpgsqlDbType.Double),
            Array(columns, column => column.Numbers?.Quantiles?.Median, NpgsqlDbType.Double),
            Array(columns, column => column.Numbers?.Quantiles?.Q3, NpgsqlDbType.Double),
            Array(columns, column => JsonSerializer.Serialize(column, ProfileJson.Report.ColumnProfile), NpgsqlDbType.Text),
        },
    };

    private static NpgsqlParameter Array<T>(IReadOnlyList<ColumnProfile> columns, Func<ColumnProfile, T> field, NpgsqlDbType item)
        => new() { Value = columns.Select(field).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | item };
}
