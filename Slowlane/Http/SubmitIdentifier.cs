using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The second step of a submit. It gives the request an id: a new one, or the one that its idempotency key identifies.</summary>
internal sealed class SubmitIdentifier(IdempotencyStore keys, TimeProvider time)
{
    /// <summary>The id, or the refusal of a key that identifies a different request.</summary>
    public async Task<Submission> IdentifyAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        var id = JobId.New(time, request.Type.Tag);
        int? count = request.IsBatch ? request.Inputs.Count : null;
        if (request.Key is not { } key)
        {
            return new Submission(id, Known: false, Refusal: null, count);
        }

        var candidate = IdempotencyRecord.Of(id, key.Content, time.GetUtcNow());
        var record = await keys.TakeAsync(key.Name, candidate, cancellationToken);
        return string.Equals(record.Input, candidate.Input, StringComparison.Ordinal)
            ? new Submission(record.Id, Known: record.Id != candidate.Id, Refusal: null, count)
            : Submission.Refused(Problem.KeyReused());
    }
}
