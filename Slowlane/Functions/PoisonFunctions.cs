using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Poison messages, which no attempt could handle. They contain callers' inputs, so only administrators may read them.</summary>
public sealed class PoisonFunctions(JobEndpoints engine)
{
    private const string List = "poison";
    private const string Replay = "poison/{id}/replay";

    private readonly PoisonApi _poison = engine.Get<PoisonApi>();

    /// <summary>Lists the stored messages, latest first.</summary>
    [Function("PoisonList")]
    public Task<IResult> PoisonList(
        [HttpTrigger(AuthorizationLevel.Admin, Route = List)] HttpRequest request, CancellationToken cancellationToken)
        => AllowedMethods.Get.AnswerAsync(request, () => _poison.ListAsync(request, List, cancellationToken));

    /// <summary>Replays a message.</summary>
    [Function("PoisonReplay")]
    public Task<IResult> PoisonReplay(
        [HttpTrigger(AuthorizationLevel.Admin, Route = Replay)] HttpRequest request, string id, CancellationToken cancellationToken)
        => AllowedMethods.Post.AnswerAsync(request, () => _poison.ReplayAsync(request, Replay, id, cancellationToken));
}
