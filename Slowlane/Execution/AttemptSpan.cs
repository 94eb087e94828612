using System.Diagnostics;
using Slowlane.Execution.Partitions;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>The span of an attempt, and of a partition of one.</summary>
/// <remarks>
/// Its parent is the submit, and not merely linked to it: a message has one job, so a caller's POST, every attempt and the row
/// that is written are one tree under one trace id. What woke the attempt, the host's own span, is linked.
/// </remarks>
internal static class AttemptSpan
{
    /// <summary>Starts an attempt's span. It is current only while something is done for this job alone.</summary>
    public static Activity? Start(Claim claim)
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }

        var outer = Activity.Current;
        var span = Begin("process jobs", ActivityKind.Consumer, claim.Trace)
            .Messaging("process")?
            .SetTag(Tracing.JobId, claim.Id.ToString())
            .SetTag(Tracing.JobType, claim.Type.Name)
            .SetTag(Tracing.JobAttempt, claim.Attempt);
        Activity.Current = outer;
        return span;
    }

    /// <summary>Ends an attempt's span, and leaves the current one as it is.</summary>
    public static void Stop(Activity? span)
    {
        if (span is { IsStopped: false })
        {
            var outer = Activity.Current;
            span.Dispose();
            Activity.Current = outer;
        }
    }

    /// <summary>Starts a partition's own, the child of its attempt's, which a process elsewhere has; it is current until disposed.</summary>
    public static Activity? StartPartition(PartitionInput order, PartitionWork work)
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }

        return Begin("process part", ActivityKind.Internal, order.Trace)?
            .SetTag(Tracing.JobId, order.Job)
            .SetTag(Tracing.JobType, work.Type)
            .SetTag(Tracing.JobAttempt, work.Attempt)
            .SetTag(Tracing.JobPart, order.Part);
    }

    public static void Ended(this Activity? span, Outcome outcome)
    {
        span?.SetTag(Tracing.JobOutcome, outcome.Name());
        if (span is not null && outcome.Error() is { } error)
        {
            span.Failed(error);
        }
    }

    /// <summary>The outcome in a word, for tags: few, and never another's data.</summary>
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
