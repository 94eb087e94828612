using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>A page of jobs. <paramref name="Waiting"/>: about how many messages the queue holds; null when it can't be asked.</summary>
internal sealed record JobListDocument(IReadOnlyList<StatusDocument> Jobs, string? Next, int? Waiting);

/// <summary>Lists the jobs, newest first, a page at a time: those that the database knows, which is within a second of their submit.</summary>
internal sealed partial class JobList(JobReader jobs, JobQueue queue, JobRegistry types, JobLinks links, ILogger<JobList> log)
{
    /// <summary>The count is an extra: the page doesn't wait longer for it.</summary>
    private static readonly TimeSpan LongestCount = TimeSpan.FromSeconds(2);

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
            var rows = await jobs.ListAsync(query.Type, query.Status, query.Before, query.Limit + 1, cancellationToken); // One more tells whether there is a next page.
            return Page(request, route, query, rows, await waiting);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            Unreachable(log, e.Message);
            return Problem.Unavailable("The database");
        }
    }

    private IResult Page(HttpRequest request, string route, ListQuery query, List<JobRow> rows, int? waiting)
    {
        var page = rows.Take(query.Limit).Select(row => StatusDocument.Of(row, links.To(request, route, row.Id))).ToList();
        var next = rows.Count > query.Limit ? $"{links.Root(request, route)}/{route}{query.After(rows[query.Limit - 1].Id)}" : null;
        if (next is not null)
        {
            request.HttpContext.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return Results.Json(new JobListDocument(page, next, waiting), HttpJson.Default.JobListDocument);
    }

    private async Task<int?> WaitingAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCount);
        try
        {
            return await queue.CountAsync(limit.Token);
        }
        catch (Exception e) when (Outage.IsOfService(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The jobs could not be listed, the database can't be reached: {Reason}")]
    private static partial void Unreachable(ILogger log, string reason);
}
