using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Http;

/// <summary>Where the jobs of a batch are to be asked for: the ids, in the order of the inputs.</summary>
internal sealed record BatchDocument(string Type, int Count, IReadOnlyList<string> Ids);

/// <summary>Accepts many jobs with one request: all of them, or none.</summary>
internal sealed class BatchApi(JobRegistry types, SubmitPipeline acceptance, BatchSender sender, TypicalDurations usual, JobMetrics metrics)
{
    /// <summary>202 with the ids, or why none of the jobs was accepted.</summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, string typeName, CancellationToken cancellationToken)
    {
        using var span = SubmitSpan.Start(metrics, request, types.Find(typeName)?.Name);
        var submission = span.Answered(await acceptance.ReadAsync(
            request, typeName, (type, body, key) => AcceptAsync(type, body, key, cancellationToken), cancellationToken));
        return submission.Refusal ?? Accepted(request, types.Find(typeName)!, submission);
    }

    private async Task<Submission> AcceptAsync(JobDefinition type, JsonElement body, string? key, CancellationToken cancellationToken)
    {
        if (BatchInput.Fault(body) is { } fault)
        {
            return Submission.Refused(Problem.NotABatch(fault));
        }

        var (items, errors) = BatchInput.Read(type, body);
        if (errors.Count > 0)
        {
            return Submission.Refused(Problem.Invalid(errors));
        }

        var submission = await acceptance.SendAsync(
            type, key, () => CompactJson.Of(body)!, seed => sender.SendAsync(type, seed, Jobs(seed, items), cancellationToken), cancellationToken);
        return submission with { Count = items.Count };
    }

    private static List<AcceptedJob> Jobs(JobId seed, IReadOnlyList<BatchItem> items)
    {
        var trace = JobTrace.Current();
        return [.. items.Select((item, index) => new AcceptedJob(JobId.Derived(seed, index), item.Json, trace, item.IsShort))];
    }

    private IResult Accepted(HttpRequest request, JobDefinition type, Submission batch)
    {
        var count = batch.Count.GetValueOrDefault();
        RetryAfter.Set(request.HttpContext.Response, usual.Of(type), running: TimeSpan.Zero);
        var document = new BatchDocument(type.Name, count, [.. Enumerable.Range(0, count).Select(index => JobId.Derived(batch.Id, index).ToString())]);
        return Results.Json(document, HttpJson.Default.BatchDocument, statusCode: StatusCodes.Status202Accepted);
    }
}
