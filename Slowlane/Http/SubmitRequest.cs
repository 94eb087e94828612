using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Http;

/// <summary>A request after it is read: jobs of one type with checked inputs.</summary>
/// <param name="Type">The job type.</param>
/// <param name="Inputs">The inputs, at least one.</param>
/// <param name="IsBatch">Whether it is a batch. The ids of a batch's jobs are derived from the request's id. A single job has the request's id.</param>
/// <param name="Key">The caller's idempotency key, if it sent one.</param>
internal sealed record SubmitRequest(JobDefinition Type, IReadOnlyList<SubmitInput> Inputs, bool IsBatch, SubmitKey? Key)
{
    /// <summary>The jobs of the request with the given id, in the current trace.</summary>
    public IReadOnlyList<AcceptedJob> Jobs(JobId id)
    {
        var trace = JobTrace.Current();
        return [.. Inputs.Select((input, index) => new AcceptedJob(IsBatch ? JobId.Derived(id, index) : id, input.Json, trace, input.IsShort))];
    }
}

/// <summary>A checked input.</summary>
internal readonly record struct SubmitInput(byte[] Json, bool IsShort);

/// <summary>An idempotency key.</summary>
/// <param name="Name">The name of the key in storage.</param>
/// <param name="Content">What distinguishes its request from other requests with the same key.</param>
internal sealed record SubmitKey(string Name, byte[] Content);

/// <summary>The outcome of a submit: what was accepted, or the response that refuses it.</summary>
/// <param name="Id">The id of the job, or the id that the ids of a batch are derived from.</param>
/// <param name="Known">Whether it was accepted before, under the same idempotency key.</param>
/// <param name="Refusal">The response that refuses it. Null if it is accepted.</param>
/// <param name="Count">The number of jobs in a batch. Null for a single job.</param>
internal readonly record struct Submission(JobId Id, bool Known, IResult? Refusal, int? Count = null)
{
    public static Submission Refused(IResult refusal) => new(default, false, refusal);
}
