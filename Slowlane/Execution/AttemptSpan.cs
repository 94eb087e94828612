using System.Diagnostics;
using Slowlane.Execution.Partitions;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>The span of an attempt, and of a partition of one.</summary>
/// <remarks>
/// The submit is the span's parent, not only linked to it. Each job of a message has the trace of its own submit, so a caller's POST, every
/// attempt and the row that is written form one tree under one trace id. The host's own span, which triggered the attempt, is linked.
/// </remarks>
internal static class AttemptSpan
{
    /// <summary>Starts an attempt's span. The span is current only while a step runs for this job alone.</summary>
    public static Activity? Start(Claim claim)
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }

        var outer = Activity.Current;
        var span = Begin("process jobs", ActivityKind.Consumer, claim.Trace)
            .Messaging("process", JobQueue.Name)?
            .SetTag(Tracing.JobId, claim.Id.ToString())
            .SetTag(Tracing.JobType, claim.Type.Name)
            .SetTag(Tracing.JobAttempt, claim.Attempt);
        Activity.Current = outer;
        return span;
    }

    /// <summary>Ends an attempt's span without changing the current one.</summary>
    public static void Stop(Activity? span)
    {
        if (span is { IsStopped: false })
        {
            var outer = Activity.Current;
            span.Dispose();
            Activity.Current = outer;
        }
    }

    /// <summary>Starts a partition's span, a child of the attempt's span in another process. It is current until disposed.</summary>
    public static Activity? StartPartition(PartitionInput input, PartitionWork work)
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }

        return Begin("process part", ActivityKind.Internal, input.Trace)?
            .SetTag(Tracing.JobId, input.Job)
            .SetTag(Tracing.JobType, work.Type)
            .SetTag(Tracing.JobAttempt, work.Attempt)
            .SetTag(Tracing.JobPart, input.Part);
    }

    public static void Ended(this Activity? span, Outcome outcome)
    {
        span?.SetTag(Tracing.JobOutcome, outcome.Name());
        if (span is not null && outcome.Error() is { } error)
        {
            span.Failed(error);
        }
    }

    /// <summary>The outcome as a word for tags: one of a few values, without user data.</summary>
    public static string Name(this Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => "succeeded",
        Outcome.Retry => "retried",
        Outcome.Released => "handed_back",
        Outcome.Interrupted => "cut_off",
        Outcome.Failed => "failed",
        Outcome.Cancelled => "cancelled",
        Outcome.LeaseLost => "lease_lost",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };

    private static Activity? Begin(string name, ActivityKind kind, string? trace)
    {
        ActivityLink[] links = Activity.Current is { } waker ? [new ActivityLink(waker.Context)] : [];
        return Tracing.Source.StartActivity(name, kind, JobTrace.Parse(trace), tags: null, links);
    }

    private static string? Error(this Outcome outcome) => outcome switch
    {
        Outcome.Retry retry => retry.Error.Type,
        Outcome.Failed failed => failed.Error.Type,
        Outcome.Interrupted => "outage",
        Outcome.LeaseLost => "lease-lost",
        _ => null,
    };
}
