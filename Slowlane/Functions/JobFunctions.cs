using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Submits a job or a batch, returns its status and result, cancels or retries it, and lists all jobs.</summary>
public sealed class JobFunctions(JobEndpoints engine)
{
    private const string Submit = "jobs/{type}";
    private const string Batch = "jobs/{type}/batch";
    private const string Status = "jobs/{id}";
    private const string Result = "jobs/{id}/result";
    private const string Cancel = "jobs/{id}/cancel";
    private const string Retry = "jobs/{id}/retry";
    private const string List = "jobs";

    private readonly SubmitApi _submits = engine.Get<SubmitApi>();
    private readonly JobApi _jobs = engine.Get<JobApi>();
    private readonly JobControl _control = engine.Get<JobControl>();
    private readonly JobList _list = engine.Get<JobList>();

    /// <summary>Accepts a job of any type.</summary>
    [Function("SubmitJob")]
    public Task<IResult> SubmitJob(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Submit)] HttpRequest request, string type, CancellationToken cancellationToken)
        => engine.RunAsync(token => _submits.SubmitAsync(request, Submit, type, token), cancellationToken);

    /// <summary>Accepts a batch of jobs of one type, all or none.</summary>
    [Function("SubmitBatch")]
    public Task<IResult> SubmitBatch(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Batch)] HttpRequest request, string type, CancellationToken cancellationToken)
        => engine.RunAsync(token => _submits.SubmitBatchAsync(request, type, token), cancellationToken);

    /// <summary>Returns the status document. If a wait is requested, responds when the job is finished.</summary>
    [Function("JobStatus")]
    public Task<IResult> JobStatus(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Status)] HttpRequest request, string id, CancellationToken cancellationToken)
        => engine.RunAsync(token => _jobs.StatusAsync(request, Status, id, token), cancellationToken);

    /// <summary>Returns the result. If a wait is requested, responds when the job is finished.</summary>
    [Function("JobResult")]
    public Task<IResult> JobResult(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Result)] HttpRequest request, string id, CancellationToken cancellationToken)
        => engine.RunAsync(token => _jobs.ResultAsync(request, Result, id, token), cancellationToken);

    /// <summary>Cancels a queued job, or requests the cancellation of a running one.</summary>
    [Function("JobCancel")]
    public Task<IResult> JobCancel(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Cancel)] HttpRequest request, string id, CancellationToken cancellationToken)
        => _control.CancelAsync(request, Cancel, id, cancellationToken);

    /// <summary>Queues a failed or cancelled job again.</summary>
    [Function("JobRetry")]
    public Task<IResult> JobRetry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Retry)] HttpRequest request, string id, CancellationToken cancellationToken)
        => _control.RetryAsync(request, Retry, id, cancellationToken);

    /// <summary>Lists the jobs by page, newest first.</summary>
    [Function("JobList")]
    public Task<IResult> JobList(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = List)] HttpRequest request, CancellationToken cancellationToken)
        => _list.ListAsync(request, List, cancellationToken);
}
