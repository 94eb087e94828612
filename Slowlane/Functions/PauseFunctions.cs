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
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Pause)] HttpRequest request, string type, CancellationToken cancellationToken)
        => _pauses.GetAsync(type, cancellationToken);

    /// <summary>Stops the jobs of a type from starting.</summary>
    [Function("TypePause")]
    public Task<IResult> TypePause(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Pause)] HttpRequest request, string type, CancellationToken cancellationToken)
        => _pauses.PauseAsync(type, cancellationToken);

    /// <summary>Lets the jobs of a type start again.</summary>
    [Function("TypeResume")]
    public Task<IResult> TypeResume(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Resume)] HttpRequest request, string type, CancellationToken cancellationToken)
        => _pauses.ResumeAsync(type, cancellationToken);
}
