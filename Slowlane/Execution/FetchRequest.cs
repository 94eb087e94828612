using Npgsql;
using Slowlane.Execution.Partitions;

namespace Slowlane.Execution;

/// <summary>The means of a fetch.</summary>
/// <param name="Services">The services of the attempt's scope.</param>
/// <param name="Database">Opens connections for the type's own SQL.</param>
/// <param name="Meter">Measures the computation that follows.</param>
/// <param name="FanOut">Has partitions computed by other workers; null if the job may not be split.</param>
/// <param name="CancellationToken">Ends the fetch.</param>
internal sealed record FetchRequest(IServiceProvider Services, NpgsqlDataSource Database, ComputeMeter Meter, IFanOut? FanOut, CancellationToken CancellationToken);
