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

    private readonly JobPath _path = engine.Get<JobPath>();
    private readonly SubmitApi _submits = engine.Get<SubmitApi>();
    private readonly JobApi _jobs = engine.Get<JobApi>();
    private readonly JobControl _control = engine.Get<JobControl>();
    private readonly JobList _list = engine.Get<JobList>();

    // JobStatus and SubmitJob have one path. No method is in both lists, because a host takes the first function by name that matches.

    /// <summary>Accepts a job of any type, and refuses what no other function of its path takes.</summary>
    [Function("SubmitJob")]
    public Task<IResult> SubmitJob(
        [HttpTrigger(AuthorizationLevel.Function, "post", "put", "patch", "delete", "options", "trace", Route = Submit)] HttpRequest request,
        string type,
        CancellationToken cancellationToken)
        => _path.AnswerAsync(request, type, () => engine.RunAsync(token => _submits.SubmitAsync(request, Submit, type, token), cancellationToken));

    /// <summary>Accepts a batch of jobs of one type, all or none.</summary>
    [Function("SubmitBatch")]
    public Task<IResult> SubmitBatch(
        [HttpTrigger(AuthorizationLevel.Function, Route = Batch)] HttpRequest request, string type, CancellationToken cancellationToken)
        => AllowedMethods.Post.AnswerAsync(request, () => engine.RunAsync(token => _submits.SubmitBatchAsync(request, type, token), cancellationToken));

    /// <summary>Returns the status document. If a wait is requested, responds when the job is finished.</summary>
    [Function("JobStatus")]
    public Task<IResult> JobStatus(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = Status)] HttpRequest request, string id, CancellationToken cancellationToken)
        => _path.AnswerAsync(request, id, () => engine.RunAsync(token => _jobs.StatusAsync(request, Status, id, token), cancellationToken));

    /// <summary>Returns the result. If a wait is requested, responds when the job is finished.</summary>
    [Function("JobResult")]
    public Task<IResult> JobResult(
        [HttpTrigger(AuthorizationLevel.Function, Route = Result)] HttpRequest request, string id, CancellationToken cancellationToken)
        => AllowedMethods.Get.AnswerAsync(request, () => engine.RunAsync(token => _jobs.ResultAsync(request, Result, id, token), cancellationToken));

    /// <summary>Cancels a queued job, or requests the cancellation of a running one.</summary>
    [Function("JobCancel")]
    public Task<IResult> JobCancel(
        [HttpTrigger(AuthorizationLevel.Function, Route = Cancel)] HttpRequest request, string id, CancellationToken cancellationToken)
        => AllowedMethods.Post.AnswerAsync(request, () => _control.CancelAsync(request, Cancel, id, cancellationToken));

    /// <summary>Queues a failed or cancelled job again.</summary>
    [Function("JobRetry")]
    public Task<IResult> JobRetry(
        [HttpTrigger(AuthorizationLevel.Function, Route = Retry)] HttpRequest request, string id, CancellationToken cancellationToken)
        => AllowedMethods.Post.AnswerAsync(request, () => _control.RetryAsync(request, Retry, id, cancellationToken));

    /// <summary>Lists the jobs by page, newest first.</summary>
    [Function("JobList")]
    public Task<IResult> JobList(
        [HttpTrigger(AuthorizationLevel.Function, Route = List)] HttpRequest request, CancellationToken cancellationToken)
        => AllowedMethods.Get.AnswerAsync(request, () => _list.ListAsync(request, List, cancellationToken));
}
