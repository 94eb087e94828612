using System.Diagnostics;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>The span of one job of a set: current while something is done for that job alone, and open until the job is settled.</summary>
internal sealed class SetSpan(Claim claim, DateTimeOffset claimed) : IDisposable
{
    private Activity? _span;

    /// <summary>Makes it the current one, if spans are listened to; returns which was.</summary>
    public Activity? Enter()
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }

        var outer = Activity.Current;
        Activity.Current = _span ?? outer;
        _span ??= AttemptSpan.Start(claim, claimed);
        return outer;
    }

    /// <summary>Goes back to the span that was current.</summary>
    public void Leave(Activity? outer)
    {
        if (_span is not null)
        {
            Activity.Current = outer;
        }
    }

    /// <summary>Ends it with the job's outcome.</summary>
    public void End(Outcome outcome)
    {
        var outer = Enter();
        _span.Ended(outcome);
        _span?.Stop();
        Leave(outer);
    }

    public void Dispose() => _span?.Dispose();
}
