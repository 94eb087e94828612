using Slowlane.Settings;

namespace Slowlane.Execution.Partitions;

/// <summary>The lanes that compute parts: apart from those of jobs, and as many.</summary>
/// <remarks>
/// A job that waits for its parts keeps its own lane, and its parts may come to the very process that it waits in: with one
/// lane for both, they would wait for each other for ever. And a part that the durable extension has given to a busy process
/// would wait behind a job that may take an hour, while the process beside it is idle. Apart, neither ever waits for the
/// other; the price is that a process which has a job and a part at once shares its processor between them. How many parts a
/// process has at a time is the host's to say (host.json, <c>maxConcurrentActivityFunctions</c>).
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
