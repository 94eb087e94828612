using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>The handler of a type whose jobs may be split.</summary>
internal interface IPartitionedJobHandler
{
    /// <summary>Fetches one partition in its coordinator's snapshot and computes it. Runs on a lane.</summary>
    /// <param name="input">The job's input, as the handler has read it.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="services">The services of the partition's scope.</param>
    /// <param name="database">Opens connections for the type's own SQL.</param>
    /// <param name="meter">Measures the computation.</param>
    /// <param name="context">The context of the job.</param>
    /// <exception cref="JobException">The job can't succeed, or the role lacks a grant.</exception>
    /// <exception cref="PartitionRunLostException">The snapshot is gone, because its coordinator has ended or lost its connection.</exception>
    byte[] ComputePartition(object? input, PartitionInput partition, IServiceProvider services, NpgsqlDataSource database, ComputeMeter meter, JobContext context);
}
