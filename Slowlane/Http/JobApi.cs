using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The HTTP contract of a job's status and result.</summary>
internal sealed class JobApi(JobLookup jobs, ResultResponse results, PageResponse pages, StatusResponse status, OutageResponse outage)
{
    /// <summary>The cache rule of GET responses: only the caller may store them, and must revalidate them before each use.</summary>
    internal const string Cached = "private, no-cache";

    /// <summary>The status document. With a wait, it responds once the job is finished or the wait is over.</summary>
    public Task<IResult> StatusAsync(HttpRequest request, string route, string id, CancellationToken cancellationToken)
        => FindAsync(request, id, (id, row) => Task.FromResult(status.Current(request, route, id, row)), cancellationToken);

    /// <summary>The result of a succeeded job: 202 while the job is unfinished, 409 if it failed.</summary>
    public Task<IResult> ResultAsync(HttpRequest request, string route, string id, CancellationToken cancellationToken)
        => FindAsync(
            request,
            id,
            async (id, row) => row?.Status == JobStatus.Succeeded
                ? await SucceededAsync(request, row, cancellationToken)
                : await results.OfAsync(row, cancellationToken) ?? status.Of(request, route, id, row, StatusCodes.Status202Accepted),
            cancellationToken);

    private async Task<IResult> SucceededAsync(HttpRequest request, JobRow row, CancellationToken cancellationToken)
    {
        if (pages.Preferred(request, row) is { } type)
        {
            return EntityTag.Matches(request, EntityTag.OfPage(row))
                ? Results.StatusCode(StatusCodes.Status304NotModified)
                : await pages.OfAsync(request, type, row, cancellationToken) ?? await JsonAsync(request, row, cancellationToken);
        }

        return await JsonAsync(request, row, cancellationToken);
    }

    private async Task<IResult> JsonAsync(HttpRequest request, JobRow row, CancellationToken cancellationToken)
        => EntityTag.Matches(request, EntityTag.OfResult(row))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : (await results.OfAsync(row, cancellationToken))!;

    private async Task<IResult> FindAsync(
        HttpRequest request, string text, Func<JobId, JobRow?, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = Cached;
        if (!JobId.TryParse(text, out var id))
        {
            return Problem.UnknownJob(text);
        }

        if (!WaitPreference.TryRead(request, out var wait, out var preferred, out var fault))
        {
            return Problem.BadPreference(fault);
        }

        try
        {
            var (presence, row) = await jobs.WaitAsync(id, wait, cancellationToken);
            if (preferred)
            {
                WaitPreference.Applied(request.HttpContext.Response, wait);
            }

            return presence switch
            {
                JobPresence.Unknown => Problem.UnknownJob(text),
                JobPresence.Gone => Problem.Gone(text),
                _ => await answer(id, row),
            };
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return outage.Of(e, $"Job {id} could not be looked up", id);
        }
        catch (OperationCanceledException)
        {
            return Problem.Stopping();
        }
    }
}
