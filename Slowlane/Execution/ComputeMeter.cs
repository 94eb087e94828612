using System.Diagnostics;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Measures the computations of one type: span, elapsed time and processor time.</summary>
internal sealed class ComputeMeter(JobMetrics metrics, string type)
{
    /// <summary>Runs a computation on this thread.</summary>
    public T Measure<T>(Func<T> compute)
    {
        using var span = Tracing.Source.StartActivity("compute");
        var (start, cpu) = (Stopwatch.GetTimestamp(), ThreadCpuClock.Now);
        try
        {
            return compute();
        }
        catch (Exception e) when (span.Failed(e))
        {
            throw;
        }
        finally
        {
            metrics.Computed(type, Stopwatch.GetElapsedTime(start), ThreadCpuClock.IsSupported ? ThreadCpuClock.Now - cpu : null);
        }
    }
}
