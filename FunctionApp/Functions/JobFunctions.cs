using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Submit a job, look at it, read its result.</summary>
public sealed class JobFunctions(JobApi jobs)
{
    private const string Submit = "jobs/{type}";
    private const string Profile = "profile";
    private const string Status = "jobs/{id}";
    private const string Result = "jobs/{id}/result";

    /// <summary>Accepts a job of any type.</summary>
    [Function("SubmitJob")]
    public Task<IResult> SubmitJob(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Submit)] HttpRequest request, string type, CancellationToken cancellationToken)
        => jobs.SubmitAsync(request, Submit, type, cancellationToken);

    /// <summary>Accepts a <c>profile</c> job: the short form of <c>jobs/profile</c>.</summary>
    [Function("SubmitProfile")]
    public Task<IResult> SubmitProfile(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Profile)] HttpRequest request, CancellationToken cancellationToken)
        => jobs.SubmitAsync(request, Profile, Profile, cancellationToken);

    /// <summary>The status document; waits for the job's end when asked to.</summary>
    [Function("JobStatus")]
    public Task<IResult> JobStatus(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Status)] HttpRequest request, string id, CancellationToken cancellationToken)
        => jobs.StatusAsync(request, Status, id, cancellationToken);

    /// <summary>The result; waits for it when asked to.</summary>
    [Function("JobResult")]
    public Task<IResult> JobResult(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Result)] HttpRequest request, string id, CancellationToken cancellationToken)
        => jobs.ResultAsync(request, Result, id, cancellationToken);
}
