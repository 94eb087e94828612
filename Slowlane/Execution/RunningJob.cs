using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>A claimed job in this process: its cancellation, its context, its log scope and its span.</summary>
internal sealed class RunningJob : IDisposable
{
    private readonly IDisposable _watched;
    private readonly Activity? _span;
    private volatile bool _isCompleted;

    /// <param name="claim">The claim of the job.</param>
    /// <param name="cancels">Tells the job about a requested cancellation.</param>
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

    /// <summary>Whether the job's outcome is recorded. The lease is then no longer renewed.</summary>
    public bool IsCompleted => _isCompleted;

    /// <summary>Whether the job's result may be written. True also while the process stops.</summary>
    public bool MayWrite => Stop.Reason is StopReason.None or StopReason.Shutdown;

    /// <summary>The exception of a job that was told to stop.</summary>
    public OperationCanceledException Stopped => new("The job was told to stop.", Stop.Token);

    /// <summary>Makes the job's log scope and span current until disposed, for steps that run for this job alone.</summary>
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

    /// <summary>Marks the job's outcome as recorded.</summary>
    public void Complete(Outcome outcome)
    {
        _isCompleted = true;
        _span.Ended(outcome);
        AttemptSpan.Stop(_span);
    }

    /// <summary>Ends the attempt although its outcome could not be recorded. The lease runs out.</summary>
    public void GiveUp(Exception failure)
    {
        _isCompleted = true;
        _span.Failed(failure);
        AttemptSpan.Stop(_span);
    }

    public void Dispose()
    {
        _watched.Dispose();
        Stop.Dispose();
        AttemptSpan.Stop(_span);
    }

    /// <summary>The current log scope and span of a job. <see cref="Dispose"/> ends it.</summary>
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
