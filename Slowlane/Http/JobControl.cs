using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Execution;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>Cancels and retries jobs for callers.</summary>
internal sealed partial class JobControl(
    ControlStore store,
    JobLookup jobs,
    JobRegistry types,
    JobQueue queue,
    StatusResponse status,
    JobLinks links,
    OutageResponse outage,
    ILogger<JobControl> log)
{
    /// <summary>
    /// 200 when the job had not started or is already cancelled, 202 when cancellation is requested from its worker, 409 when it is finished.
    /// </summary>
    public Task<IResult> CancelAsync(HttpRequest request, string route, string id, CancellationToken cancellationToken)
        => ActAsync(id, id => CancelAsync(request, route, id, cancellationToken));

    /// <summary>202 when a failed or cancelled job is queued again, 409 for any other job.</summary>
    public Task<IResult> RetryAsync(HttpRequest request, string route, string id, CancellationToken cancellationToken)
        => ActAsync(id, id => RetryAsync(request, route, id, cancellationToken));

    private async Task<IResult> ActAsync(string text, Func<JobId, Task<IResult>> act)
    {
        if (!JobId.TryParse(text, out var id))
        {
            return Problem.UnknownJob(text);
        }

        try
        {
            return await act(id);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return outage.Of(e, $"Job {id} could not be changed", id);
        }
    }

    private async Task<IResult> CancelAsync(HttpRequest request, string route, JobId id, CancellationToken cancellationToken)
    {
        var withoutRow = jobs.Presence(id, purged: false);
        var row = await store.CancelAsync(id, types.FindByTag(id.TypeTag), withoutRow == JobPresence.Waiting, cancellationToken);
        return row?.Status switch
        {
            null => withoutRow == JobPresence.Unknown ? Problem.UnknownJob(id.ToString()) : Problem.Gone(id.ToString()),
            JobStatus.Cancelled => status.Of(request, route, id, row, StatusCodes.Status200OK),
            JobStatus.Running => status.Of(request, route, id, row, StatusCodes.Status202Accepted),
            var status => Problem.Finished(id.ToString(), status.Value.Name()),
        };
    }

    private async Task<IResult> RetryAsync(HttpRequest request, string route, JobId id, CancellationToken cancellationToken)
    {
        if (await store.RetryAsync(id, cancellationToken) is var (row, enqueued))
        {
            if (enqueued)
            {
                await WakeAsync(row, cancellationToken);
            }

            request.HttpContext.Response.Headers.Location = links.To(request, route, id);
            return status.Of(request, route, id, row, StatusCodes.Status202Accepted);
        }

        var (presence, found) = await jobs.FindAsync(id, cancellationToken);
        return presence switch
        {
            JobPresence.Unknown => Problem.UnknownJob(id.ToString()),
            JobPresence.Gone => Problem.Gone(id.ToString()),
            _ => Problem.NotRetryable(id.ToString(), (found?.Status ?? JobStatus.Queued).Name()),
        };
    }

    // The row is queued even if the queue fails now. The sweep sends the missing message.
    private async Task WakeAsync(JobRow row, CancellationToken cancellationToken)
    {
        try
        {
            await queue.WakeAsync(row.Id, row.Type, TimeSpan.Zero, cancellationToken);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            NotWoken(log, row.Id, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} is queued anew, but the queue can't be reached; the sweep sends its message: {Reason}")]
    private static partial void NotWoken(ILogger log, JobId jobId, string reason);
}
