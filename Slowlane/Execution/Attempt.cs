using Npgsql;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>What an attempt has to run with.</summary>
/// <param name="Database">For the type's own SQL.</param>
/// <param name="Lane">Where it computes.</param>
/// <param name="Context">What its type knows of it.</param>
/// <param name="FanOut">Has parts computed elsewhere; null: the job runs whole.</param>
internal sealed record Attempt(NpgsqlDataSource Database, Lane Lane, JobContext Context, IFanOut? FanOut = null)
{
    public CancellationToken CancellationToken => Context.CancellationToken;
}
