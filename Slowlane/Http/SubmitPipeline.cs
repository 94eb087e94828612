using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Http;

/// <summary>
/// Accepts jobs in three steps: read, identify, send. It uses only storage, so submits work while the database is down.
/// <see cref="SubmitResponse"/> or <see cref="BatchResponse"/> makes the fourth step, the answer, from the submission.
/// </summary>
internal sealed partial class SubmitPipeline(
    JobRegistry types, SubmitReader reader, SubmitIdentifier identifier, BatchSender sender, JobMetrics metrics, ILogger<SubmitPipeline> log)
{
    /// <summary>Accepts the request's body as a job of the named type, or as a batch of jobs.</summary>
    public async Task<Submission> SubmitAsync(HttpRequest request, string typeName, bool isBatch, CancellationToken cancellationToken)
    {
        using var span = SubmitSpan.Start(metrics, request, types.Find(typeName)?.Name);
        try
        {
            var (read, refusal) = await reader.ReadAsync(request, typeName, isBatch, cancellationToken);
            return span.Answered(read is null ? Submission.Refused(refusal!) : await AcceptAsync(read, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The caller disconnected before its body was complete or the outcome of the send was known.
            return span.Answered(Submission.Refused(Problem.NotAccepted()));
        }
    }

    /// <summary>Accepts an input that is not the request's body.</summary>
    public async Task<Submission> SubmitAsync(HttpRequest request, JobDefinition type, JsonElement input, CancellationToken cancellationToken)
    {
        using var span = SubmitSpan.Start(metrics, request, type.Name);
        var (read, refusal) = SubmitReader.Read(type, input, isBatch: false, key: null);
        return span.Answered(read is null ? Submission.Refused(refusal!) : await AcceptAsync(read, cancellationToken));
    }

    private async Task<Submission> AcceptAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // The key comes first. If this process ends from here on, a repeated request continues with the same id.
            var submission = await identifier.IdentifyAsync(request, cancellationToken);
            if (submission.Refusal is null)
            {
                // A repeated request sends again, because the first front may have ended before its send. The claim drops a second message.
                await sender.SendAsync(request.Type, submission.Id, request.Jobs(submission.Id), cancellationToken);
            }

            return submission;
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            Unreachable(log, request.Type.Name, e.Message);
            return Submission.Refused(Problem.NotQueued());
        }
    }

    [LoggerMessage(LogLevel.Warning, "A {Type} job was refused, the queue can't be reached: {Reason}")]
    private static partial void Unreachable(ILogger log, string type, string reason);
}
