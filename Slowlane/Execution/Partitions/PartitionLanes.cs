using Slowlane.Settings;

namespace Slowlane.Execution.Partitions;

/// <summary>The lanes that compute partitions: separate from the lanes of jobs, and as many.</summary>
/// <remarks>
/// A job that waits for its partitions keeps its lane, and the same process may receive its partitions. With one lane for both,
/// they would wait for each other for ever. Also, a partition that the durable extension gives to a busy process would wait
/// behind a job that may take an hour, while another process is idle. With separate lanes neither waits for the other. The price
/// is that a process with a job and a partition shares its processor between them. The host decides how many partitions a process
/// has at a time (host.json, <c>maxConcurrentActivityFunctions</c>).
/// </remarks>
internal sealed class PartitionLanes(SlowlaneOptions options, TimeProvider time) : IDisposable
{
    private readonly ComputeLanes _lanes = new(options.Lanes, time);

    /// <inheritdoc cref="ComputeLanes.Abandoned"/>
    public int Abandoned => _lanes.Abandoned;

    /// <inheritdoc cref="ComputeLanes.Busy"/>
    public int Busy => _lanes.Busy;

    /// <inheritdoc cref="ComputeLanes.ReserveAsync"/>
    public Task<Lane> ReserveAsync(CancellationToken cancellationToken) => _lanes.ReserveAsync(cancellationToken);

    public void Dispose() => _lanes.Dispose();
}
