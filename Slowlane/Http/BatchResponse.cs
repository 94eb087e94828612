using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The accepted jobs of a batch: their ids, in the order of the inputs.</summary>
internal sealed record BatchDocument(string Type, int Count, IReadOnlyList<string> Ids);

/// <summary>Answers for a batch that was accepted: 202 with the ids of its jobs.</summary>
internal sealed class BatchResponse(JobRegistry types, TypicalDurations durations)
{
    public IResult Of(HttpRequest request, string typeName, Submission batch)
    {
        RetryAfter.Set(request.HttpContext.Response, durations.Of(types.Find(typeName)!), running: TimeSpan.Zero);
        var ids = Enumerable.Range(0, batch.Count.GetValueOrDefault()).Select(index => JobId.Derived(batch.Id, index).ToString()).ToList();
        return JsonResponse.Of(new BatchDocument(typeName, ids.Count, ids), HttpJson.Default.BatchDocument, statusCode: StatusCodes.Status202Accepted);
    }
}
