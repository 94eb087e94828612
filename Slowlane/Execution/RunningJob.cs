using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>A claimed job while it is here: what may stop it, and what its type knows of it.</summary>
internal sealed class RunningJob : IDisposable
{
    private readonly IDisposable _watched;
    private volatile bool _settled;

    /// <param name="claim">The job.</param>
    /// <param name="limit">How long it may take from now on.</param>
    /// <param name="cancels">Tells it that a caller wants it ended.</param>
    /// <param name="time">The clock.</param>
    /// <param name="shutdown">Fires when the process stops.</param>
    public RunningJob(Claim claim, TimeSpan limit, CancelWatch cancels, TimeProvider time, CancellationToken shutdown)
    {
        Claim = claim;
        Stop = new AttemptCancellation(time, limit, shutdown);
        Context = new JobContext(claim.Id, claim.Type.Name, claim.Attempt, Stop.Token);
        _watched = cancels.Watch(claim.Id, Stop);
    }

    public Claim Claim { get; }

    public AttemptCancellation Stop { get; }

    public JobContext Context { get; }

    /// <summary>Whether its row says how it ended: there is no lease to keep any more.</summary>
    public bool IsSettled
    {
        get => _settled;
        set => _settled = value;
    }

    public void Dispose()
    {
        _watched.Dispose();
        Stop.Dispose();
    }
}
