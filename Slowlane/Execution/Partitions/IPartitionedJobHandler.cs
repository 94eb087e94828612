using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>The handler of a type whose jobs may be split.</summary>
internal interface IPartitionedJobHandler
{
    /// <summary>Fetches one partition in its coordinator's snapshot and computes it; called on a lane.</summary>
    /// <param name="input">What the handler made of the job's input.</param>
    /// <param name="partition">Which partition.</param>
    /// <param name="services">The scope of the partition.</param>
    /// <param name="database">For the type's own SQL.</param>
    /// <param name="meter">Measures the computation.</param>
    /// <param name="context">The job's.</param>
    /// <exception cref="JobException">The job can't succeed; also where the role lacks a grant.</exception>
    /// <exception cref="PartitionRunLostException">The snapshot is gone: its coordinator is, or has lost its connection.</exception>
    byte[] ComputePartition(object? input, PartitionInput partition, IServiceProvider services, NpgsqlDataSource database, ComputeMeter meter, JobContext context);
}
