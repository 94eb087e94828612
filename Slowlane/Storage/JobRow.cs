using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>A job as the database records it.</summary>
internal sealed record JobRow(
    JobId Id,
    string Type,
    JobStatus Status,
    int Attempt,
    int MaxAttempts,
    double? Progress,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    JobError? Error)
{
    /// <summary>The columns that a statement must return first, in this order, for <see cref="Read"/>.</summary>
    public const string Columns = "id, type, status, attempt, max_attempts, progress, created_at, started_at, finished_at, error_type, error_title, error_detail";

    /// <summary>Reads the current row of a reader that returns <see cref="Columns"/>.</summary>
    public static JobRow Read(NpgsqlDataReader reader) => new(
        JobId.FromRow(reader.GetGuid(0)),
        reader.GetString(1),
        JobStatusNames.Parse(reader.GetString(2)),
        reader.GetInt32(3),
        reader.GetInt32(4),
        reader.IsDBNull(5) ? null : reader.GetDouble(5),
        reader.GetFieldValue<DateTimeOffset>(6),
        Time(reader, 7),
        Time(reader, 8),
        reader.IsDBNull(9) ? null : new JobError(reader.GetString(9), reader.GetString(10), reader.GetString(11)));

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column)
        => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
