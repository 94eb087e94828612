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
    public IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, Route = "health/live")] HttpRequest request)
        => AllowedMethods.Get.Refusal(request) ?? _health.Live();

    /// <summary>Reports whether the services that the app needs are available.</summary>
    [Function("HealthReady")]
    public Task<IResult> Ready(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken)
        => AllowedMethods.Get.AnswerAsync(request, () => _health.ReadyAsync(cancellationToken));
}
