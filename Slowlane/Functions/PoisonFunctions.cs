using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Messages that no attempt could handle, for administrators: they hold callers' inputs.</summary>
public sealed class PoisonFunctions(JobEndpoints engine)
{
    private const string List = "poison";
    private const string Replay = "poison/{id}/replay";

    private readonly PoisonApi _poison = engine.Get<PoisonApi>();

    /// <summary>The messages that are kept, the latest first.</summary>
    [Function("PoisonList")]
    public Task<IResult> PoisonList(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = List)] HttpRequest request, CancellationToken cancellationToken)
        => _poison.ListAsync(request, List, cancellationToken);

    /// <summary>Sends a message again.</summary>
    [Function("PoisonReplay")]
    public Task<IResult> PoisonReplay(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Replay)] HttpRequest request, string id, CancellationToken cancellationToken)
        => _poison.ReplayAsync(request, Replay, id, cancellationToken);
}
