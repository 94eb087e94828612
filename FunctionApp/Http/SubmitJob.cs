using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Http;

/// <summary>
/// Accepts jobs. Only storage is touched: the input is checked, an id made and one message sent, whether or not the
/// database is up.
/// </summary>
/// <remarks>
/// The message goes out through a queue client and not through an output binding: with ASP.NET Core integration the
/// answer can leave before the host has written the binding's message, and a crash in between would lose a job that
/// was promised.
/// </remarks>
public sealed partial class SubmitJob
{
    private readonly JobRegistry _types;
    private readonly JobQueue _queue;
    private readonly InputBlobs _inputs;
    private readonly KeyBlobs _keys;
    private readonly SentJobs _sent;
    private readonly TimeProvider _time;
    private readonly JobMetrics _metrics;
    private readonly ILogger<SubmitJob> _log;

    internal SubmitJob(JobRegistry types, JobQueue queue, InputBlobs inputs, KeyBlobs keys, SentJobs sent, TimeProvider time, JobMetrics metrics, ILogger<SubmitJob> log)
    {
        _types = types;
        _queue = queue;
        _inputs = inputs;
        _keys = keys;
        _sent = sent;
        _time = time;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Accepts the request's body as a job of the named type, or refuses it.</summary>
    internal async Task<Submission> FromAsync(HttpRequest request, string typeName, CancellationToken cancellationToken)
    {
        using var span = Begin(request, typeName);
        return span.Answered(await ReadAsync(request, typeName, cancellationToken));
    }

    /// <summary>A submit's span, under which <see cref="AcceptAsync"/> is called.</summary>
    internal SubmitSpan Begin(HttpRequest request, string typeName) => SubmitSpan.Start(_metrics, request, _types.Find(typeName)?.Name);

    private async Task<Submission> ReadAsync(HttpRequest request, string typeName, CancellationToken cancellationToken)
    {
        if (_types.Find(typeName) is not { } type)
        {
            return Submission.Refused(Problem.UnknownType(typeName, _types.Names));
        }

        if (!IdempotencyKey.TryRead(request, out var key, out var fault))
        {
            return Submission.Refused(Problem.BadIdempotencyKey(fault));
        }

        var (json, problem) = await JsonBody.ReadAsync(request, cancellationToken);
        using (json)
        {
            return json is null
                ? Submission.Refused(problem!)
                : await AcceptAsync(type, json.RootElement, key is null ? null : IdempotencyKey.NameOf(request, type.Name, key), cancellationToken);
        }
    }

    /// <summary>Accepts an input of a type, or refuses it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="input">What the caller sent.</param>
    /// <param name="key">What the job is stored under so that sending it again is the same job, or null.</param>
    /// <param name="cancellationToken">The caller hung up.</param>
    internal async Task<Submission> AcceptAsync(RegisteredType type, JsonElement input, string? key, CancellationToken cancellationToken)
    {
        var found = type.Check(input);
        if (found.Errors.Count > 0)
        {
            return Submission.Refused(Problem.Invalid(found.Errors));
        }

        if (CompactJson.Of(input) is not { } json)
        {
            return Submission.Refused(Problem.Invalid(new Dictionary<string, List<string>>(StringComparer.Ordinal)
            {
                [""] = [CompactJson.NoText],
            }));
        }

        try
        {
            return key is null
                ? await SendAsync(Submission.Of(JobId.New(_time, type.Tag), known: false), type, json, cancellationToken)
                : await SendUnderAsync(key, type, json, cancellationToken);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            Unreachable(_log, type.Name, e.Message);
            return Submission.Refused(Problem.NotQueued());
        }
        catch (OperationCanceledException)
        {
            return Submission.Refused(Problem.Stopping());
        }
    }

    // The key first: whatever ends this process from here on, the same request sent again goes on with the same job.
    private async Task<Submission> SendUnderAsync(string key, RegisteredType type, byte[] json, CancellationToken cancellationToken)
    {
        var candidate = KeyHolder.Of(JobId.New(_time, type.Tag), json, _time.GetUtcNow());
        var holder = await _keys.TakeAsync(key, candidate, cancellationToken);
        if (!string.Equals(holder.Input, candidate.Input, StringComparison.Ordinal))
        {
            return Submission.Refused(Problem.KeyReused());
        }

        // Sent every time, since the first front may have gone before it could; the claim drops what comes twice.
        var known = holder.Id != candidate.Id;
        return await SendAsync(Submission.Of(holder.Id, known), type, json, cancellationToken);
    }

    private async Task<Submission> SendAsync(Submission job, RegisteredType type, byte[] json, CancellationToken cancellationToken)
    {
        var (id, trace) = (job.Id, JobTrace.Current());
        var message = Envelope.WithInput(id, type.Name, json, trace);
        string? blob = null;
        if (message.ToMemory().Length > Envelope.MaxBytes)
        {
            // Blob first: a message never names an input that isn't there. A blob without a message is only clutter.
            blob = await _inputs.StoreAsync(id, new BinaryData(json), cancellationToken);
            message = Envelope.WithBlob(id, type.Name, blob, trace);
        }

        await _queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
        _sent.Add(new SentJob(id, type, blob is null ? json : default, blob, trace, _time.GetTimestamp()));
        return job;
    }

    [LoggerMessage(LogLevel.Warning, "A {Type} job was refused, the queue can't be reached: {Reason}")]
    private static partial void Unreachable(ILogger log, string type, string reason);
}

/// <summary>A job that was accepted, now or <paramref name="Known"/> before under the same key; or the answer that refuses it.</summary>
internal readonly record struct Submission(JobId Id, bool Known, IResult? Refusal)
{
    public static Submission Of(JobId id, bool known) => new(id, known, null);

    public static Submission Refused(IResult refusal) => new(default, false, refusal);
}
