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
    JobError? Error);
