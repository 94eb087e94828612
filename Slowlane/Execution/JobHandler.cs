using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>Runs the jobs of one type, its own types of input, data and result erased.</summary>
internal abstract class JobHandler(string name, JobOptions options) : JobDefinition(name, options)
{
    /// <summary>Fetches, and computes on the lane. The type's own SQL runs under <see cref="JobRole"/>, when it writes too.</summary>
    /// <exception cref="JobException">The job can't succeed; also where the role lacks a grant.</exception>
    public async Task<Computed> RunAsync(JsonElement input, Attempt attempt) => Permitted(await PermittedAsync(() => MakeAsync(input, attempt)));

    protected abstract Task<Computed> MakeAsync(JsonElement input, Attempt attempt);

    /// <summary>Checked at submit; a fault here means that a newer version of the type refuses an older one's input.</summary>
    protected static T Accept<T>(JsonElement input, Func<InputReader, T> parse)
    {
        var reader = new InputReader(input);
        var parsed = parse(reader);
        return reader.Errors.Count == 0
            ? parsed
            : throw new JobException("invalid-input", "The input is not valid.", string.Join(' ', reader.Errors.Values.SelectMany(sentences => sentences)));
    }

    /// <summary>What a run has made. Serialised on the lane: a large result costs time.</summary>
    protected static Computed Made<T>(T result, JsonTypeInfo<T> json, Func<NpgsqlTransaction, CancellationToken, Task> write)
        => new(JsonSerializer.Serialize(result, json), write);

    /// <summary>The same, saying which grant its write lacks.</summary>
    protected Computed Permitted(Computed made) => made with
    {
        WriteAsync = (transaction, cancellationToken) => PermittedAsync(() => made.WriteAsync(transaction, cancellationToken)),
    };

    /// <inheritdoc cref="PermittedAsync{T}"/>
    protected Task PermittedAsync(Func<Task> sql) => PermittedAsync(async () =>
    {
        await sql();
        return true;
    });

    /// <summary>Runs SQL of the type's, and says which grant it lacks.</summary>
    protected async Task<T> PermittedAsync<T>(Func<Task<T>> sql)
    {
        try
        {
            return await sql();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw JobRole.Denied(Name, e);
        }
    }
}
