using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>
/// The response for an accepted job: 202 with its status, or its result or failure if it finishes within the wait. The caller always learns
/// where the job is, even if the database or this process fails from here on.
/// </summary>
internal sealed partial class SubmitResponse(JobLookup jobs, ResultResponse results, StatusResponse status, JobLinks links, ILogger<SubmitResponse> log)
{
    /// <summary>The maximum time to look up a job that was accepted before. A slow lookup must not delay the response.</summary>
    private static readonly TimeSpan MaxLookupTime = TimeSpan.FromSeconds(2);

    /// <summary>The response, and whether the job is finished or gone.</summary>
    public async Task<(IResult Answer, bool Ended)> OfAsync(
        HttpRequest request, string route, Submission job, TimeSpan wait, bool preferred, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        response.Headers.Location = links.To(request, route, job.Id);
        var waits = wait > TimeSpan.Zero;
        var (found, presence, row, answer) = waits || job.Known ? await FindAsync(job.Id, wait, cancellationToken) : default;
        if (waits && found && preferred)
        {
            WaitPreference.Applied(response, wait);
        }

        return found && presence == JobPresence.Gone
            ? (Problem.Gone(job.Id.ToString()), true)
            : (answer ?? status.Of(request, route, job.Id, row, StatusCodes.Status202Accepted), answer is not null);
    }

    private async Task<(bool Found, JobPresence Presence, JobRow? Row, IResult? End)> FindAsync(JobId id, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (wait > TimeSpan.Zero)
            {
                var (presence, row) = await jobs.WaitAsync(id, wait, cancellationToken);
                return (true, presence, row, await results.OfAsync(row, cancellationToken));
            }

            limit.CancelAfter(MaxLookupTime);
            var (now, known) = await jobs.FindAsync(id, limit.Token);
            return (true, now, known, null);
        }
        catch (Exception e) when (Outage.IsOfService(e) || e is OperationCanceledException)
        {
            NotLookedUp(log, id, e.Message);
            return default;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} is accepted but could not be looked up: {Reason}")]
    private static partial void NotLookedUp(ILogger log, JobId jobId, string reason);
}
