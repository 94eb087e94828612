using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Functions;

namespace Slowlane;

/// <summary>Two routes of this app's own, to the job type <c>profile</c>.</summary>
public sealed class ProfileFunctions(JobEndpoints jobs)
{
    private const string Profile = "profile";
    private const string Answer = "long_answer";

    /// <summary>The short form of <c>POST jobs/profile</c>.</summary>
    [Function("SubmitProfile")]
    public Task<IResult> SubmitProfile(
        [HttpTrigger(AuthorizationLevel.Function, Route = Profile)] HttpRequest request, CancellationToken cancellationToken)
        => jobs.SubmitAsync(request, Profile, Profile, cancellationToken);

    /// <summary>The profile of a table in one GET.</summary>
    [Function("LongAnswer")]
    public Task<IResult> LongAnswer(
        [HttpTrigger(AuthorizationLevel.Function, Route = Answer)] HttpRequest request, CancellationToken cancellationToken)
        => jobs.AnswerAsync(request, Profile, Answer, cancellationToken);
}
