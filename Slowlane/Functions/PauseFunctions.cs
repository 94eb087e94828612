using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Pauses and resumes a job type, for administrators.</summary>
public sealed class PauseFunctions(JobEndpoints engine)
{
    private const string Pause = "jobs/{type}/pause";
    private const string Resume = "jobs/{type}/resume";

    private readonly PauseApi _pauses = engine.Get<PauseApi>();

    /// <summary>Returns whether a type is paused.</summary>
    [Function("TypePauseStatus")]
    public Task<IResult> TypePauseStatus(
        [HttpTrigger(AuthorizationLevel.Admin, "get", "head", Route = Pause)] HttpRequest request, string type, CancellationToken cancellationToken)
        => AllowedMethods.GetAndPost.AnswerAsync(request, () => _pauses.GetAsync(type, cancellationToken));

    /// <summary>Stops the jobs of a type from starting, and refuses the methods that no function of its path takes.</summary>
    [Function("TypePause")]
    public Task<IResult> TypePause(
        [HttpTrigger(AuthorizationLevel.Admin, "post", "put", "patch", "delete", "options", "trace", Route = Pause)] HttpRequest request,
        string type,
        CancellationToken cancellationToken)
        => AllowedMethods.GetAndPost.AnswerAsync(request, () => _pauses.PauseAsync(type, cancellationToken));

    /// <summary>Lets the jobs of a type start again.</summary>
    [Function("TypeResume")]
    public Task<IResult> TypeResume(
        [HttpTrigger(AuthorizationLevel.Admin, Route = Resume)] HttpRequest request, string type, CancellationToken cancellationToken)
        => AllowedMethods.Post.AnswerAsync(request, () => _pauses.ResumeAsync(type, cancellationToken));
}
