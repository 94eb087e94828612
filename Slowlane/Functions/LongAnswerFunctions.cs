using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>A profile in one GET.</summary>
public sealed class LongAnswerFunctions(LongAnswer answer, RunningFunctions running)
{
    private const string Route = "long_answer";

    /// <summary>Waits for the profile of a table.</summary>
    [Function("LongAnswer")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => running.RunAsync(token => answer.GetAsync(request, Route, token), cancellationToken);
}
