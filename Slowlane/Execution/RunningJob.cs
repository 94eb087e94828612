using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>A claimed job while it is here: what may stop it, what its type knows of it, its log scope and its span.</summary>
internal sealed class RunningJob : IDisposable
{
    private readonly IDisposable _watched;
    private readonly Activity? _span;
    private volatile bool _isCompleted;

    /// <param name="claim">The job.</param>
    /// <param name="cancels">Tells it that a caller wants it ended.</param>
    /// <param name="time">The clock.</param>
    /// <param name="shutdown">Fires when the process stops.</param>
    public RunningJob(Claim claim, CancelWatch cancels, TimeProvider time, CancellationToken shutdown)
    {
        Claim = claim;
        Stop = new AttemptCancellation(time, shutdown);
        Context = new JobContext(claim.Id, claim.Type.Name, claim.Attempt, Stop.Token);
        _watched = cancels.Watch(claim.Id, Stop);
        _span = AttemptSpan.Start(claim);
    }

    public Claim Claim { get; }

    public AttemptCancellation Stop { get; }

    public JobContext Context { get; }

    /// <summary>Whether its row says how it ended: there is no lease to keep any more.</summary>
    public bool IsCompleted => _isCompleted;

    /// <summary>Whether what it has computed is written: also while the process stops.</summary>
    public bool MayWrite => Stop.Reason is StopReason.None or StopReason.Shutdown;

    /// <summary>What ends it when it was told to stop.</summary>
    public OperationCanceledException Stopped => new("The job was told to stop.", Stop.Token);

    /// <summary>Makes its log scope and its span the current ones until disposed, for what is done for this job alone.</summary>
    public Scope Enter(ILogger log)
    {
        var scope = log.BeginScope(new AttemptScope(Claim.Id, Claim.Type.Name, Claim.Attempt));
        if (_span is null)
        {
            return new Scope(scope, HasSpan: false, Outer: null);
        }

        var outer = Activity.Current;
        Activity.Current = _span;
        return new Scope(scope, HasSpan: true, outer);
    }

    /// <summary>Its row says how it ended.</summary>
    public void Complete(Outcome outcome)
    {
        _isCompleted = true;
        _span.Ended(outcome);
        AttemptSpan.Stop(_span);
    }

    public void Dispose()
    {
        _watched.Dispose();
        Stop.Dispose();
        AttemptSpan.Stop(_span);
    }

    /// <summary>Ended by <see cref="Dispose"/>.</summary>
    internal readonly record struct Scope(IDisposable? Log, bool HasSpan, Activity? Outer) : IDisposable
    {
        public void Dispose()
        {
            Log?.Dispose();
            if (HasSpan)
            {
                Activity.Current = Outer;
            }
        }
    }
}
