using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The HTTP contract of jobs: submit, status, result.</summary>
public sealed partial class JobApi
{
    /// <summary>How what a GET answers may be kept: by the caller alone, and checked before each use.</summary>
    internal const string Cached = "private, no-cache";

    /// <summary>A job that was accepted before is looked up for its answer, but not at the price of a slow one.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    private readonly SubmitJob _submit;
    private readonly JobView _jobs;
    private readonly JobReader _reader;
    private readonly ResultBlobs _results;
    private readonly StatusAnswer _status;
    private readonly JobLinks _links;
    private readonly ILogger<JobApi> _log;

    internal JobApi(SubmitJob submit, JobView jobs, JobReader reader, ResultBlobs results, StatusAnswer status, JobLinks links, ILogger<JobApi> log)
    {
        _submit = submit;
        _jobs = jobs;
        _reader = reader;
        _results = results;
        _status = status;
        _links = links;
        _log = log;
    }

    /// <summary>Accepts a job: 202 with its status, or with <c>Prefer: wait=N</c> its result when it is done in time.</summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, string route, string type, CancellationToken cancellationToken)
    {
        if (!WaitPreference.TryRead(request, out var wait, out var preferred, out var fault))
        {
            return Problem.BadPreference(fault);
        }

        var submission = await _submit.FromAsync(request, type, cancellationToken);
        return submission.Refusal ?? await AnswerAsync(request, route, submission, wait, preferred, cancellationToken);
    }

    /// <summary>The status document; with a wait, once the job is finished or the wait is over.</summary>
    public Task<IResult> StatusAsync(HttpRequest request, string route, string id, CancellationToken cancellationToken)
        => LookAsync(request, id, (id, row) => Task.FromResult(_status.Current(request, route, id, row)), cancellationToken);

    /// <summary>The result once the job has succeeded: 202 before, 409 when it failed.</summary>
    public Task<IResult> ResultAsync(HttpRequest request, string route, string id, CancellationToken cancellationToken)
        => LookAsync(
            request,
            id,
            async (id, row) => row?.Status == JobStatus.Succeeded && EntityTag.IsHeld(request, EntityTag.OfResult(row))
                ? Results.StatusCode(StatusCodes.Status304NotModified)
                : await EndAsync(row, cancellationToken) ?? _status.Of(request, route, id, row, StatusCodes.Status202Accepted),
            cancellationToken);

    /// <summary>Waits for an accepted job and answers with its end, or with 202 when the wait was too short.</summary>
    internal async Task<IResult> AnswerAsync(
        HttpRequest request, string route, Submission job, TimeSpan wait, bool preferred, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        response.Headers.Location = _links.To(request, route, job.Id);
        if (wait <= TimeSpan.Zero)
        {
            return _status.Of(request, route, job.Id, job.Known ? await RowAsync(job.Id, cancellationToken) : null, StatusCodes.Status202Accepted);
        }

        var (waited, row, end) = await EndWithinAsync(job.Id, wait, cancellationToken);
        if (waited && preferred)
        {
            WaitPreference.Applied(response, wait);
        }

        return end ?? _status.Of(request, route, job.Id, row, StatusCodes.Status202Accepted);
    }

    // The job is accepted whatever happens to the database now: a wait that can't be had ends in 202, not in an error.
    private async Task<(bool Waited, JobRow? Row, IResult? End)> EndWithinAsync(JobId id, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            var (_, row) = await _jobs.WaitAsync(id, wait, cancellationToken);
            return (true, row, await EndAsync(row, cancellationToken));
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            Unreachable(_log, id, e.Message);
            return default;
        }
    }

    private async Task<JobRow?> RowAsync(JobId id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLook);
        try
        {
            return (await _jobs.LookAsync(id, limit.Token)).Row;
        }
        catch (Exception e) when (Outage.IsOfService(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Unreachable(_log, id, e.Message);
            return null;
        }
    }

    private async Task<IResult> LookAsync(
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
            var (presence, row) = await _jobs.WaitAsync(id, wait, cancellationToken);
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
            Unreachable(_log, id, e.Message);
            return Problem.Unavailable("The database");
        }
    }

    /// <summary>How a finished job is answered for; null while it isn't.</summary>
    private async Task<IResult?> EndAsync(JobRow? row, CancellationToken cancellationToken) => row?.Status switch
    {
        JobStatus.Succeeded => await _reader.ResultAsync(row.Id, cancellationToken) switch
        {
            { Body: { } body } => Results.Text(body, "application/json", Encoding.UTF8),
            { Blob: { } blob } => new BlobAnswer(row.Id, blob, _results, _log),
            _ => Problem.Gone(row.Id.ToString()), // Purged since its row was read.
        },
        JobStatus.Failed => Problem.NotSucceeded("job-failed", row.Error!.Title, row.Error.Detail),
        JobStatus.Cancelled => Problem.NotSucceeded("job-cancelled", "The job was cancelled.", $"Job '{row.Id}' was cancelled before it had a result."),
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not be looked up, the database can't be reached: {Reason}")]
    private static partial void Unreachable(ILogger log, JobId jobId, string reason);
}
