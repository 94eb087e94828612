using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>
/// Answers for a job that was accepted: 202 with its status, or its end when that comes within the wait. Whatever happens
/// from here on, to the database or to this process, the caller learns where the job is.
/// </summary>
internal sealed partial class SubmitResponse(JobLookup jobs, ResultResponse end, StatusResponse status, JobLinks links, ILogger<SubmitResponse> log)
{
    /// <summary>A job that was accepted before is looked up for its answer, but not at the price of a slow one.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    /// <summary>The answer, and whether it is the job's end.</summary>
    public async Task<(IResult Answer, bool Ended)> OfAsync(
        HttpRequest request, string route, Submission job, TimeSpan wait, bool preferred, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        response.Headers.Location = links.To(request, route, job.Id);
        var waits = wait > TimeSpan.Zero;
        var (found, presence, row, answer) = waits || job.Known ? await LookAsync(job.Id, wait, cancellationToken) : default;
        if (waits && found && preferred)
        {
            WaitPreference.Applied(response, wait);
        }

        return found && presence == JobPresence.Gone
            ? (Problem.Gone(job.Id.ToString()), true)
            : (answer ?? status.Of(request, route, job.Id, row, StatusCodes.Status202Accepted), answer is not null);
    }

    private async Task<(bool Found, JobPresence Presence, JobRow? Row, IResult? End)> LookAsync(JobId id, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (wait > TimeSpan.Zero)
            {
                var (presence, row) = await jobs.WaitAsync(id, wait, cancellationToken);
                return (true, presence, row, await end.OfAsync(row, cancellationToken));
            }

            limit.CancelAfter(LongestLook);
            var (now, known) = await jobs.LookAsync(id, limit.Token);
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
