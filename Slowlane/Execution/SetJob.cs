using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>One job of a set: its own tokens, turn, outcome, log scope and span.</summary>
internal sealed class SetJob(Claim claim, CancelWatch cancels, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private readonly RunningJob _running = new(claim, Timeout.InfiniteTimeSpan, cancels, time, stopping); // Its time begins with its turn.
    private JsonDocument? _document;
    private object? _input;
    private Ending? _ending;

    public RunningJob Running => _running;

    public Claim Claim => claim;

    /// <summary>Its span.</summary>
    public SetSpan Span { get; } = new(claim, time.GetUtcNow());

    /// <summary>What was fetched for it.</summary>
    public object? Data { get; set; }

    /// <summary>What its type made of the message's input, once accepted.</summary>
    public object? Input => _input;

    /// <summary>Whether it has had its turn, or will have none. One that has not is tried by itself.</summary>
    public bool HasEnded => _ending is not null;

    /// <summary>What it came to, if all went well so far.</summary>
    public Computed? Computed => _ending?.Failure is null && MayWrite ? _ending?.Computed : null;

    /// <summary>Whether its result is committed.</summary>
    public bool IsWritten { get; set; }

    /// <summary>What went wrong in its write.</summary>
    public Exception? WriteFailure { get; set; }

    /// <summary>What is computed is written also while the process stops.</summary>
    public bool MayWrite => _running.Stop.Reason is StopReason.None or StopReason.Shutdown;

    /// <summary>What it threw; null when it was written.</summary>
    public Exception? Failure => IsWritten ? null : _ending?.Failure ?? WriteFailure ?? Stopped;

    /// <summary>Whether an outage cut it off together with others: the log then has its stack already.</summary>
    public bool IsCutOff => _ending?.CutOff ?? false;

    private OperationCanceledException Stopped => new("The job was told to stop.", _running.Stop.Token);

    /// <summary>Reads the input; one that its type refuses has ended.</summary>
    public void Accept(IBatchJobHandler type)
    {
        try
        {
            _document = JsonDocument.Parse(Claim.Input!);
            _input = type.Accept(_document.RootElement);
        }
#pragma warning disable CA1031 // Whatever it is, it is this job's, and none of the others'.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(e);
        }
    }

    /// <summary>Computes, on the lane's thread.</summary>
    /// <param name="type">The job's type.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="stop">Cancelled when this job should end before it has computed.</param>
    /// <param name="log">For what the type logs.</param>
    public void TakeTurn(IBatchJobHandler type, Lane lane, CancellationTokenSource stop, ILogger log)
    {
        if (_running.Stop.Reason is not StopReason.None)
        {
            End(Stopped);
            return;
        }

        using var scope = Scope(log);
        using var stops = _running.Stop.Token.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        var outer = Span.Enter();
        try
        {
            _running.Stop.Limit(Claim.Type.Options.TimeLimit);
            End(new Ending(lane.Measured(() => type.Compute(_input, Data, _running.Context)), null));
        }
#pragma warning disable CA1031 // Whatever it is, it is this job's, and none of the others'.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(e);
        }
        finally
        {
            _running.Stop.Limit(Timeout.InfiniteTimeSpan);
            Span.Leave(outer);
        }
    }

    /// <summary>Ends it without a result. The first end stands: a computation that ignores its token ends later.</summary>
    public void End(Exception failure) => End(new Ending(null, failure));

    /// <summary>Ends it, and others with it, by an outage that the log tells of.</summary>
    public void CutOff(Exception outage) => End(new Ending(null, outage, CutOff: true));

    /// <summary>Ends what was just done for it and others, its fetch or its write: the process stops.</summary>
    public void ShutDown(Exception failure)
    {
        _running.Stop.Stop(StopReason.Shutdown); // It may not have heard yet.
        if (HasEnded)
        {
            WriteFailure = failure;
        }
        else
        {
            End(failure);
        }
    }

    /// <summary>The scope of its log lines.</summary>
    public IDisposable? Scope(ILogger log) => log.BeginScope(new AttemptScope(Claim.Id, Claim.Type.Name, Claim.Attempt));

    /// <summary>Its row says how it ended.</summary>
    public void Settled(Outcome outcome)
    {
        _running.IsSettled = true;
        Span.End(outcome);
    }

    public void Dispose()
    {
        Span.Dispose();
        _document?.Dispose();
        _running.Dispose();
    }

    private void End(Ending ending) => Interlocked.CompareExchange(ref _ending, ending, null);

    private sealed record Ending(Computed? Computed, Exception? Failure, bool CutOff = false);
}
