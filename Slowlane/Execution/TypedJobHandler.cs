using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>What the handlers of all kinds of job type have in common: the input, and the write of one job's result.</summary>
internal abstract class TypedJobHandler<TInput, TResult>(
    string name,
    JobOptions options,
    Func<InputReader, TInput> parse,
    Func<TResult, NpgsqlTransaction, JobContext, CancellationToken, Task> write,
    JsonTypeInfo<TResult> json) : JobHandler(name, options)
{
    public sealed override object? Accept(JsonElement input)
    {
        var reader = new InputReader(input);
        var parsed = parse(reader);
        return reader.Errors.Count == 0
            ? parsed
            : throw new JobException("invalid-input", "The input is not valid.", string.Join(' ', reader.Errors.Values.SelectMany(sentences => sentences)));
    }

    /// <summary>Whether a job of this input is a short one, which shares its message with others.</summary>
    protected virtual bool IsShort(TInput input) => false;

    protected sealed override bool Parse(InputReader reader)
    {
        var input = parse(reader);
        return reader.Errors.Count == 0 && IsShort(input);
    }

    protected sealed override Task<IReadOnlyList<Computation>> ReadAsync(IReadOnlyList<object?> inputs, FetchRequest request)
        => FetchAsync([.. inputs.Cast<TInput>()], request);

    protected abstract Task<IReadOnlyList<Computation>> FetchAsync(IReadOnlyList<TInput> inputs, FetchRequest request);

    protected override Task SaveAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var one = computed.Single();
        return write((TResult)one.Value!, transaction, one.Context, cancellationToken);
    }

    /// <summary>What a computation has made. Serialised on the lane: a large result costs time.</summary>
    protected Computed Made(TResult result, JobContext context) => new(JsonSerializer.Serialize(result, json), result, context);
}
