using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>The steps of one type's jobs, its own types of input, data and result erased. The type's own SQL runs under <see cref="JobRole"/>, and says which grant it lacks.</summary>
internal abstract class JobHandler(string name, JobOptions options) : JobDefinition(name, options)
{
    /// <summary>Whether the jobs of a message are fetched, computed and written together; else each by itself.</summary>
    public virtual bool RunsTogether => false;

    /// <summary>Makes the type's instance once, at the start of the app.</summary>
    /// <exception cref="InvalidOperationException">Its constructor takes what the services don't have.</exception>
    public abstract void Require(IServiceProvider services);

    /// <summary>Reads an input. It was checked at submit.</summary>
    /// <exception cref="JobException">A newer version of the type refuses an older one's input.</exception>
    public abstract object? Accept(JsonElement input);

    /// <summary>Reads what the computations need; returns one for each input. More than one only where the type <see cref="RunsTogether"/>.</summary>
    /// <exception cref="JobException">The job can't succeed; also where the role lacks a grant.</exception>
    public async Task<IReadOnlyList<Computation>> FetchAsync(IReadOnlyList<object?> inputs, FetchRequest request)
    {
        try
        {
            return await ReadAsync(inputs, request);
        }
        catch (PostgresException e) when (IsDenied(e))
        {
            throw JobRole.Denied(Name, e);
        }
    }

    /// <summary>Computes; called on a lane.</summary>
    /// <inheritdoc cref="FetchAsync"/>
    public Computed Compute(Computation computation, JobContext context) => Permitted(() => computation(context));

    /// <summary>Writes what <see cref="Compute"/> made, of several jobs only where the type <see cref="RunsTogether"/>.</summary>
    /// <inheritdoc cref="FetchAsync"/>
    public async Task WriteAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(computed, transaction, cancellationToken);
        }
        catch (PostgresException e) when (IsDenied(e))
        {
            throw JobRole.Denied(Name, e);
        }
    }

    protected abstract Task<IReadOnlyList<Computation>> ReadAsync(IReadOnlyList<object?> inputs, FetchRequest request);

    protected abstract Task SaveAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Computes; a type whose data streams runs SQL meanwhile.</summary>
    protected T Permitted<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (PostgresException e) when (IsDenied(e))
        {
            throw JobRole.Denied(Name, e);
        }
    }

    private static bool IsDenied(PostgresException e) => e.SqlState is PostgresErrorCodes.InsufficientPrivilege;
}
