using Npgsql;
using Slowlane.Execution.Partitions;

namespace Slowlane.Execution;

/// <summary>What a type's handler has to fetch with.</summary>
/// <param name="Services">The scope of the attempt.</param>
/// <param name="Database">For the type's own SQL.</param>
/// <param name="Meter">Measures what is computed then.</param>
/// <param name="FanOut">Has partitions computed elsewhere; null: the job runs whole.</param>
/// <param name="CancellationToken">Ends the fetch.</param>
internal sealed record FetchRequest(IServiceProvider Services, NpgsqlDataSource Database, ComputeMeter Meter, IFanOut? FanOut, CancellationToken CancellationToken);
