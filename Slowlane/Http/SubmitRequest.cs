using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Http;

/// <summary>A request that was read: jobs of one type, their inputs checked.</summary>
/// <param name="Type">The type.</param>
/// <param name="Inputs">The inputs, one at least.</param>
/// <param name="IsBatch">Whether it is a batch, the ids of whose jobs are derived of the request's; else its one job has the request's id.</param>
/// <param name="Key">The caller's idempotency key, if it sent one.</param>
internal sealed record SubmitRequest(JobDefinition Type, IReadOnlyList<SubmitInput> Inputs, bool IsBatch, SubmitKey? Key)
{
    /// <summary>The jobs under an id, with the current trace.</summary>
    public IReadOnlyList<AcceptedJob> Jobs(JobId id)
    {
        var trace = JobTrace.Current();
        return [.. Inputs.Select((input, index) => new AcceptedJob(IsBatch ? JobId.Derived(id, index) : id, input.Json, trace, input.IsShort))];
    }
}

/// <summary>An input that was checked.</summary>
internal readonly record struct SubmitInput(byte[] Json, bool IsShort);

/// <summary>An idempotency key.</summary>
/// <param name="Name">What stands for it in storage.</param>
/// <param name="Content">What tells its request from others that came under it.</param>
internal sealed record SubmitKey(string Name, byte[] Content);

/// <summary>
/// What was accepted, now or <paramref name="Known"/> before under the same key; or the answer that refuses it.
/// </summary>
/// <param name="Id">The job's id; what the ids of a batch are derived of.</param>
/// <param name="Known">Whether it was accepted before.</param>
/// <param name="Refusal">Why it was not.</param>
/// <param name="Count">How many jobs a batch has; null for one job by itself.</param>
internal readonly record struct Submission(JobId Id, bool Known, IResult? Refusal, int? Count = null)
{
    public static Submission Refused(IResult refusal) => new(default, false, refusal);
}
