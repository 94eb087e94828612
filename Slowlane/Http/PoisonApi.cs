using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Resilience;

namespace Slowlane.Http;

/// <summary>A poison message for an administrator.</summary>
internal sealed record PoisonDocument(
    long Id, string? JobId, string Reason, DateTimeOffset ReceivedAt, DateTimeOffset? ReplayedAt, string Body, int BodyLength)
{
    public static PoisonDocument Of(PoisonMessage message) => new(
        message.Id, message.Job?.ToString(), message.Reason, message.ReceivedAt, message.ReplayedAt, message.Body, message.BodyLength);
}

/// <summary>A page of poison messages, latest first.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Next">The link to the next page. Null on the last page.</param>
internal sealed record PoisonPage(IReadOnlyList<PoisonDocument> Messages, string? Next);

/// <summary>The response to a replay.</summary>
internal sealed record ReplayDocument(long Id, string? JobId);

/// <summary>The HTTP contract of poison messages: lists them and replays one.</summary>
internal sealed partial class PoisonApi(PoisonStore store, JobLinks links, OutageResponse outage, ILogger<PoisonApi> log)
{
    /// <summary>A page of messages, selected by <c>limit</c> and <c>cursor</c>.</summary>
    public async Task<IResult> ListAsync(HttpRequest request, string route, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store"; // The response contains callers' inputs and is for administrators only.
        var query = PoisonQuery.Read(request.Query, out var errors);
        return errors.Count > 0 ? Problem.InvalidQuery(errors) : await AnswerAsync(() => PageAsync(request, route, query, cancellationToken));
    }

    /// <summary>Replays a message: 202 with the location of its job.</summary>
    public Task<IResult> ReplayAsync(HttpRequest request, string route, string id, CancellationToken cancellationToken)
        => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? AnswerAsync(async () => Answer(request, route, number, await store.ReplayAsync(number, cancellationToken)))
            : Task.FromResult(Problem.UnknownPoison(id));

    private async Task<IResult> PageAsync(HttpRequest request, string route, PoisonQuery query, CancellationToken cancellationToken)
    {
        var messages = await store.ListAsync(query.Before, query.Limit + 1, cancellationToken);
        var page = messages.Take(query.Limit).Select(PoisonDocument.Of).ToList();
        var next = links.NextPage(request, route, messages.Count > query.Limit ? query.After(page[^1].Id) : null);
        return JsonResponse.Of(new PoisonPage(page, next), HttpJson.Default.PoisonPage);
    }

    private IResult Answer(HttpRequest request, string route, long id, Replay replay)
    {
        switch (replay)
        {
            case Replay.Sent sent:
                Sent(log, id, sent.Job?.ToString() ?? "unknown");
                return Accepted(request, route, id, sent.Job);
            case Replay.SentBefore before:
                return Problem.SentBefore(id, before.At);
            case Replay.TooLarge large:
                return Problem.NotReplayable(id, large.Bytes, Envelope.MaxBytes);
            case Replay.NotItsJob other:
                return Problem.NotPoisoned(other.Job.ToString(), other.Status);
            default:
                return Problem.UnknownPoison(id.ToString(CultureInfo.InvariantCulture));
        }
    }

    private IResult Accepted(HttpRequest request, string route, long id, JobId? job)
    {
        if (job is { } queued)
        {
            request.HttpContext.Response.Headers.Location = links.To(request, route, queued);
        }

        return JsonResponse.Of(new ReplayDocument(id, job?.ToString()), HttpJson.Default.ReplayDocument, statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return outage.Of(e, "Poison messages can't be listed or sent");
        }
    }

    [LoggerMessage(LogLevel.Information, "Poison message {Id} of job {JobId} is sent again")]
    private static partial void Sent(ILogger log, long id, string jobId);
}
