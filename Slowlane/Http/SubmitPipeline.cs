using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>What accepting a job and accepting a batch have in common: how the request is read, which id it gets, and what the caller is told when storage is away.</summary>
internal sealed partial class SubmitPipeline(JobRegistry types, IdempotencyStore keys, TimeProvider time, ILogger<SubmitPipeline> log)
{
    /// <summary>Reads a request for a type, and hands on its body and what stands for its idempotency key in storage, or refuses it.</summary>
    public async Task<Submission> ReadAsync(
        HttpRequest request, string typeName, Func<JobDefinition, JsonElement, string?, Task<Submission>> accept, CancellationToken cancellationToken)
    {
        if (types.Find(typeName) is not { } type)
        {
            return Submission.Refused(Problem.UnknownType(typeName, types.Names));
        }

        if (!IdempotencyKey.TryRead(request, out var key, out var fault))
        {
            return Submission.Refused(Problem.BadIdempotencyKey(fault));
        }

        try
        {
            var (json, problem) = await JsonBody.ReadAsync(request, cancellationToken);
            using (json)
            {
                return json is null
                    ? Submission.Refused(problem!)
                    : await accept(type, json.RootElement, key is null ? null : IdempotencyKey.NameOf(request, type.Name, key));
            }
        }
        catch (OperationCanceledException)
        {
            return Submission.Refused(Problem.NotAccepted()); // Before the body was whole, or before the answer was known.
        }
    }

    /// <summary>Has something sent under an id: a new one, or the one that the key stands for.</summary>
    /// <param name="type">The type.</param>
    /// <param name="key">What the id is stored under so that the same request sent again gets the same, or null.</param>
    /// <param name="input">What tells the request from others under the same key.</param>
    /// <param name="send">Sends what it is that gets the id.</param>
    /// <param name="cancellationToken">The caller hung up.</param>
    public async Task<Submission> SendAsync(JobDefinition type, string? key, Func<byte[]> input, Func<JobId, Task> send, CancellationToken cancellationToken)
    {
        try
        {
            var submission = key is null
                ? Submission.Of(JobId.New(time, type.Tag), known: false)
                : await TakeAsync(type, key, input(), cancellationToken);
            if (submission.Refusal is null)
            {
                // Sent every time, since the first front may have gone before it could; the claim drops what comes twice.
                await send(submission.Id);
            }

            return submission;
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            Unreachable(log, type.Name, e.Message);
            return Submission.Refused(Problem.NotQueued());
        }
    }

    // The key first: whatever ends this process from here on, the same request sent again goes on with the same id.
    private async Task<Submission> TakeAsync(JobDefinition type, string key, byte[] input, CancellationToken cancellationToken)
    {
        var candidate = IdempotencyRecord.Of(JobId.New(time, type.Tag), input, time.GetUtcNow());
        var holder = await keys.TakeAsync(key, candidate, cancellationToken);
        return string.Equals(holder.Input, candidate.Input, StringComparison.Ordinal)
            ? Submission.Of(holder.Id, known: holder.Id != candidate.Id)
            : Submission.Refused(Problem.KeyReused());
    }

    [LoggerMessage(LogLevel.Warning, "A {Type} job was refused, the queue can't be reached: {Reason}")]
    private static partial void Unreachable(ILogger log, string type, string reason);
}

/// <summary>
/// A job or a batch that was accepted, now or <paramref name="Known"/> before under the same key; or the answer that refuses it.
/// </summary>
/// <param name="Id">The job's id; what the ids of a batch are derived of.</param>
/// <param name="Known">Whether it was accepted before.</param>
/// <param name="Refusal">Why it was not.</param>
/// <param name="Count">How many jobs a batch has; null for one job by itself.</param>
internal readonly record struct Submission(JobId Id, bool Known, IResult? Refusal, int? Count = null)
{
    public static Submission Of(JobId id, bool known) => new(id, known, null);

    public static Submission Refused(IResult refusal) => new(default, false, refusal);
}
