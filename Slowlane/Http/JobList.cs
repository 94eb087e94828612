using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>A page of jobs. <paramref name="Waiting"/> is the approximate number of messages in the queue, or null if the queue does not answer.</summary>
internal sealed record JobListDocument(IReadOnlyList<StatusDocument> Jobs, string? Next, int? Waiting);

/// <summary>Lists jobs by page, newest first. A job is in the database, and so in the list, within a second of its submit.</summary>
internal sealed class JobList(JobReader jobs, JobQueue queue, JobRegistry types, JobLinks links, OutageResponse outage)
{
    /// <summary>The count is optional, so the page does not wait longer for it.</summary>
    private static readonly TimeSpan MaxCountTime = TimeSpan.FromSeconds(2);

    /// <summary>A page of jobs and the link to the next one.</summary>
    public async Task<IResult> ListAsync(HttpRequest request, string route, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = JobApi.Cached;
        var query = ListQuery.Read(request.Query, types.Names, out var errors);
        if (errors.Count > 0)
        {
            return Problem.InvalidQuery(errors);
        }

        try
        {
            var waiting = WaitingAsync(cancellationToken);
            // One row more tells whether there is a next page.
            var rows = await jobs.ListAsync(query.Type, query.Status, query.Before, query.Limit + 1, cancellationToken);
            return Page(request, route, query, rows, await waiting);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return outage.Of(e, "The jobs could not be listed");
        }
    }

    private IResult Page(HttpRequest request, string route, ListQuery query, List<JobRow> rows, int? waiting)
    {
        var page = rows.Take(query.Limit).Select(row => StatusDocument.Of(row, links.To(request, route, row.Id))).ToList();
        var next = links.NextPage(request, route, rows.Count > query.Limit ? query.After(rows[query.Limit - 1].Id) : null);
        return JsonResponse.Of(new JobListDocument(page, next, waiting), HttpJson.Default.JobListDocument);
    }

    private async Task<int?> WaitingAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MaxCountTime);
        try
        {
            return await queue.CountAsync(limit.Token);
        }
        catch (Exception e) when (Outage.IsOfService(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
