using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>The HTTP contract of submitting.</summary>
internal sealed class SubmitApi(SubmitPipeline pipeline, SubmitResponse response, BatchResponse batchResponse)
{
    /// <summary>Accepts a job: 202 with its status. With <c>Prefer: wait=N</c>, the result if the job finishes in time.</summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, string route, string type, CancellationToken cancellationToken)
    {
        if (!WaitPreference.TryRead(request, out var wait, out var preferred, out var fault))
        {
            return Problem.BadPreference(fault);
        }

        var submission = await pipeline.SubmitAsync(request, type, isBatch: false, cancellationToken);
        return submission.Refusal ?? (await response.OfAsync(request, route, submission, wait, preferred, cancellationToken)).Answer;
    }

    /// <summary>Accepts a batch of jobs, all or none: 202 with the ids.</summary>
    public async Task<IResult> SubmitBatchAsync(HttpRequest request, string type, CancellationToken cancellationToken)
    {
        var submission = await pipeline.SubmitAsync(request, type, isBatch: true, cancellationToken);
        return submission.Refusal ?? batchResponse.Of(request, type, submission);
    }
}
