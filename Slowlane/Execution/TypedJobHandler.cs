using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>The common base of the handlers of all kinds of job type: the type's instance, its input, and the write of one job's result.</summary>
internal abstract class TypedJobHandler<TJob, TInput, TResult>(string name, JobOptions? options) : JobHandler(name, options ?? TJob.Options)
    where TJob : class, IJobType<TInput, TResult>
{
    private readonly JsonTypeInfo<TResult> _json = TJob.ResultJson;
    private readonly Func<TResult, ResultPage>? _page = TJob.Page;

    public sealed override bool HasPage => _page is not null;

    public sealed override ResultPage? PageOf(ReadOnlySpan<byte> result)
        => JsonSerializer.Deserialize(result, _json) is { } value ? _page?.Invoke(value) : null;

    public sealed override JsonNode ResultSchema() => Jobs.ResultSchema.Of(_json);

    public sealed override object? Accept(JsonElement input)
    {
        var reader = new InputReader(input);
        var parsed = Read(reader, TJob.Parse);
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
        var input = TJob.Parse(reader);
        return reader.Errors.Count == 0 && IsShort(input);
    }

    protected sealed override Task<IReadOnlyList<Computation>> FetchCoreAsync(IReadOnlyList<object?> inputs, FetchRequest request)
        => FetchAsync(TypeFrom(request.Services), [.. inputs.Cast<TInput>()], request);

    protected sealed override Task WriteCoreAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
        => WriteAsync((TJob)computed[0].Type, computed, transaction, cancellationToken);

    protected abstract Task<IReadOnlyList<Computation>> FetchAsync(TJob type, IReadOnlyList<TInput> inputs, FetchRequest request);

    /// <summary>Writes one result. The handler of types whose jobs run together overrides it.</summary>
    protected virtual Task WriteAsync(TJob type, IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var one = computed.Single();
        return type.WriteAsync((TResult)one.Value!, transaction, one.Context, cancellationToken);
    }

    /// <summary>Gets the type's instance from a scope.</summary>
    protected static TJob TypeFrom(IServiceProvider services) => services.GetRequiredService<TJob>();

    /// <summary>Creates the result of a computation. Serialises it on the lane, because a large result takes time.</summary>
    protected Computed Made(TResult result, JobContext context, TJob type) => new(JsonSerializer.Serialize(result, _json), result, context, type);
}
