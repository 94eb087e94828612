using System.Text.Json;
using Npgsql;
using Slowlane.Execution.SqlFaults;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution;

/// <summary>
/// The steps of one type's jobs, without the type's own types of input, data and result. The type's SQL runs under <see
/// cref="JobRole"/>; a failure names the missing grant, or the limit that stopped it.
/// </summary>
internal abstract class JobHandler(string name, JobOptions options) : JobDefinition(name, options)
{
    /// <summary>Whether the jobs of a message are fetched, computed and written together. Otherwise each job runs by itself.</summary>
    public virtual bool RunsTogether => false;

    /// <summary>Creates the type's instance once when the app starts, to check its services.</summary>
    /// <exception cref="InvalidOperationException">The constructor needs a service that is not registered.</exception>
    public abstract void Require(IServiceProvider services);

    /// <summary>Reads an input. The input was checked at submit.</summary>
    /// <exception cref="JobException">A newer version of the type refuses an older one's input.</exception>
    public abstract object? Accept(JsonElement input);

    /// <summary>
    /// Fetches the data of the computations. Returns one computation for each input. There are several inputs only if the type
    /// <see cref="RunsTogether"/>.
    /// </summary>
    /// <exception cref="JobException">The job can't succeed, the role lacks a grant, or a limit of the server stopped it.</exception>
    public async Task<IReadOnlyList<Computation>> FetchAsync(IReadOnlyList<object?> inputs, FetchRequest request)
    {
        try
        {
            var computations = await FetchCoreAsync(inputs, request);
            return [.. computations.Select<Computation, Computation>(compute => context => Explain(() => compute(context), request.Database))];
        }
        catch (PostgresException e) when (SqlFault.IsExplained(e))
        {
            throw await ReadingFaultAsync(e, request.Database);
        }
        catch (JobException e) // The type explains an error of its SQL itself.
        {
            StaleSession.CloseAfter(request.Database, e);
            throw;
        }
    }

    /// <summary>Writes the results of computations. There are several only if the type <see cref="RunsTogether"/>.</summary>
    /// <inheritdoc cref="FetchAsync"/>
    public async Task WriteAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        try
        {
            await WriteCoreAsync(computed, transaction, cancellationToken);
        }
        catch (PostgresException e) when (SqlFault.IsExplained(e))
        {
            var facts = FaultFacts.Of(e);
            if (FaultFacts.AreSought(e))
            {
                await transaction.RollbackAsync(cancellationToken); // A failed transaction answers no question.
                facts = await FaultFacts.FindAsync(e, isWrite: true, connection, cancellationToken);
            }

            throw SqlFault.Of(Name, e, isWrite: true, facts);
        }
    }

    protected abstract Task<IReadOnlyList<Computation>> FetchCoreAsync(IReadOnlyList<object?> inputs, FetchRequest request);

    protected abstract Task WriteCoreAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Runs a computation and explains a refusal or an exceeded limit. A streaming type runs SQL while it computes.</summary>
    protected T Explain<T>(Func<T> compute, NpgsqlDataSource database)
    {
        try
        {
            return compute();
        }
        catch (PostgresException e) when (SqlFault.IsExplained(e))
        {
            throw ReadingFaultAsync(e, database).GetAwaiter().GetResult(); // The lane's thread may block.
        }
        catch (JobException e) // The type explains an error of its SQL itself.
        {
            StaleSession.CloseAfter(database, e);
            throw;
        }
    }

    private async Task<JobException> ReadingFaultAsync(PostgresException failure, NpgsqlDataSource database)
    {
        var facts = FaultFacts.Of(failure);
        if (FaultFacts.AreSought(failure))
        {
            await using var connection = await database.OpenConnectionAsync();
            facts = await FaultFacts.FindAsync(failure, isWrite: false, connection, CancellationToken.None);
        }

        StaleSession.CloseAfter(database, failure);
        return SqlFault.Of(Name, failure, isWrite: false, facts);
    }
}
