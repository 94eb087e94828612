using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>A coalescing type, the steps of its jobs apart. What one step makes only the next one reads: its own types are erased.</summary>
internal interface IBatchJobHandler
{
    /// <summary>Reads an input, which must stay readable until the job's end.</summary>
    /// <exception cref="JobException">This version of the type refuses it.</exception>
    object? Accept(JsonElement input);

    /// <summary>Reads what the computations need, in the order of the inputs, under <see cref="JobRole"/>.</summary>
    Task<IReadOnlyList<object?>> FetchManyAsync(IReadOnlyList<object?> inputs, NpgsqlDataSource database, CancellationToken cancellationToken);

    /// <summary>Computes one job's result; called on a lane.</summary>
    Computed Compute(object? input, object? data, JobContext context);

    /// <summary>Writes what <see cref="Compute"/> made of several jobs.</summary>
    Task WriteManyAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken);
}
