using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Health checks, callable without a key.</summary>
public sealed class HealthFunctions(JobEndpoints engine)
{
    private readonly Health _health = engine.Get<Health>();

    /// <summary>Reports that the process answers.</summary>
    [Function("HealthLive")]
    public IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => _health.Live();

    /// <summary>Reports whether the services that the app needs are available.</summary>
    [Function("HealthReady")]
    public Task<IResult> Ready(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken)
        => _health.ReadyAsync(cancellationToken);
}
