using System.Text.Json.Serialization;
using Slowlane.Execution;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The status of a job, as a caller receives it.</summary>
internal sealed record StatusDocument(
    string Id,
    string? Type,
    string Status,
    int Attempt,
    int? MaxAttempts,
    double? Progress,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    JobError? Error,
    StatusLinks Links)
{
    public static StatusDocument Of(JobRow row, string self) => new(
        row.Id.ToString(), row.Type, row.Status.Name(), row.Attempt, row.MaxAttempts, row.Progress, row.CreatedAt, row.StartedAt, row.FinishedAt, row.Error, StatusLinks.To(self, row.Status));

    /// <summary>The document of an accepted job that has no row yet. Its id holds everything that is known.</summary>
    public static StatusDocument Waiting(JobId id, JobDefinition? type, string self) => new(
        id.ToString(), type?.Name, JobStatus.Queued.Name(), 0, type?.Options.MaxAttempts, null, id.CreatedAt, null, null, null, StatusLinks.To(self, JobStatus.Queued));
}

/// <summary>The links of a status document. <paramref name="Cancel"/> is left out once the job is finished.</summary>
internal sealed record StatusLinks(string Self, string Result, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Cancel)
{
    public static StatusLinks To(string self, JobStatus status) => new(self, self + "/result", status.IsFinished() ? null : self + "/cancel");
}

/// <summary>The JSON serialization of the documents, made by the source generator.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(JobListDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(PoisonPage))]
[JsonSerializable(typeof(ReplayDocument))]
[JsonSerializable(typeof(PauseDocument))]
[JsonSerializable(typeof(BatchDocument))]
internal sealed partial class HttpJson : JsonSerializerContext;
