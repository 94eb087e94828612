using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>The common base of the handlers of all kinds of job type: the type's instance, its input, and the write of one job's result.</summary>
internal abstract class TypedJobHandler<TJob, TInput, TResult>(
    string name, JobOptions options, Func<InputReader, TInput> parse, JsonTypeInfo<TResult> json, Func<TResult, ResultPage>? page)
    : JobHandler(name, options)
    where TJob : class
{
    public sealed override bool HasPage => page is not null;

    public sealed override ResultPage? PageOf(ReadOnlySpan<byte> result)
        => JsonSerializer.Deserialize(result, json) is { } value ? page?.Invoke(value) : null;

    public sealed override JsonNode ResultSchema() => Jobs.ResultSchema.Of(json);

    public sealed override object? Accept(JsonElement input)
    {
        var reader = new InputReader(input);
        var parsed = Read(reader, parse);
        return reader.Errors.Count == 0
            ? parsed
            : throw new JobException("invalid-input", "The input is not valid.", string.Join(' ', reader.Errors.Values.SelectMany(sentences => sentences)));
    }

    public sealed override void Require(IServiceProvider services)
    {
        try
        {
            TypeFrom(services);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"The job type '{Name}' can't be made: {e.Message} Add what the constructor of {typeof(TJob)} takes to the app's services.", e);
        }
    }

    /// <summary>Whether a job with this input is short. A short job shares its message with others.</summary>
    protected virtual bool IsShort(TInput input) => false;

    protected sealed override bool Parse(InputReader reader)
    {
        var input = parse(reader);
        return reader.Errors.Count == 0 && IsShort(input);
    }

    protected sealed override Task<IReadOnlyList<Computation>> ReadAsync(IReadOnlyList<object?> inputs, FetchRequest request)
        => FetchAsync(TypeFrom(request.Services), [.. inputs.Cast<TInput>()], request);

    protected sealed override Task SaveAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
        => WriteAsync((TJob)computed[0].Type, computed, transaction, cancellationToken);

    protected abstract Task<IReadOnlyList<Computation>> FetchAsync(TJob type, IReadOnlyList<TInput> inputs, FetchRequest request);

    protected abstract Task WriteAsync(TJob type, IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Writes the result of a type whose jobs run one at a time.</summary>
    protected static Task WriteSingleAsync(IReadOnlyList<Computed> computed, Func<TResult, JobContext, Task> write)
    {
        var one = computed.Single();
        return write((TResult)one.Value!, one.Context);
    }

    /// <summary>Gets the type's instance from a scope.</summary>
    protected static TJob TypeFrom(IServiceProvider services) => services.GetRequiredService<TJob>();

    /// <summary>Creates the result of a computation. Serialises it on the lane, because a large result takes time.</summary>
    protected Computed Made(TResult result, JobContext context, TJob type) => new(JsonSerializer.Serialize(result, json), result, context, type);
}
