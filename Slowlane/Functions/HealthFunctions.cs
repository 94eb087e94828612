using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Health checks, open to everybody.</summary>
public sealed class HealthFunctions(JobEndpoints engine)
{
    private readonly Health _health = engine.Get<Health>();

    /// <summary>Does the process answer?</summary>
    [Function("HealthLive")]
    public IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => _health.Live();

    /// <summary>Is what the app needs there?</summary>
    [Function("HealthReady")]
    public Task<IResult> Ready(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken)
        => _health.ReadyAsync(cancellationToken);
}
