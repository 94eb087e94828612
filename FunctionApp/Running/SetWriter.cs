using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Running;

/// <summary>Writes what the jobs of a set have computed: all in one transaction or, where one of them spoils it, each by itself.</summary>
internal sealed partial class SetWriter(ResultStore results, AttemptRunner attempts, Patience patience, TimeProvider time, ILogger<SetWriter> log)
{
    /// <summary>Writes jobs of one type; each then knows whether it is written, or why not.</summary>
    public async Task WriteAsync(List<SetJob> jobs, ICoalescedType type, CancellationToken stopping)
    {
        using var stop = new AttemptStop(time, jobs[0].Claim.Type.Options.TimeLimit, stopping);
        try
        {
            var written = await Tracing.StepAsync("write", () => patience.WaitOutAsync(() => WriteTogetherAsync(jobs, type, stop.WriteToken), stop.WriteToken));
            foreach (var job in jobs)
            {
                job.IsWritten = written.Contains(job.Claim.Id);
                job.WriteFailure = job.IsWritten || !job.MayWrite ? null : new LeaseLostException();
            }
        }
        catch (Exception e) when (stop.Reason is StopReason.Shutdown)
        {
            jobs.ForEach(job => job.ShutDown(e));
        }
#pragma warning disable CA1031 // Whose fault it is shows when each is written by itself.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotWritten(log, jobs.Count, jobs[0].Claim.Type.Name, e);
            foreach (var job in jobs)
            {
                await WriteAloneAsync(job);
            }
        }
    }

    // Whoever is to be cancelled while an outage is waited out is left out of the next try.
    private Task<IReadOnlySet<JobId>> WriteTogetherAsync(List<SetJob> jobs, ICoalescedType type, CancellationToken cancellationToken)
    {
        var computed = jobs.Select(job => (job.Claim, Computed: job.Computed!)).Where(job => job.Computed is not null);
        return results.SucceedAsync([.. computed], type.WriteManyAsync, cancellationToken);
    }

    private async Task WriteAloneAsync(SetJob job)
    {
        var outer = job.Span.Enter();
        try
        {
            if (job.Computed is { } computed)
            {
                job.Running.Stop.Limit(job.Claim.Type.Options.TimeLimit);
                await attempts.WriteAsync(job.Claim, computed, job.Running.Stop);
                job.IsWritten = true;
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is this job's outcome.
        catch (Exception e)
#pragma warning restore CA1031
        {
            job.WriteFailure = e;
        }
        finally
        {
            job.Running.Stop.Limit(Timeout.InfiniteTimeSpan); // What the others take from here on is not its time.
            job.Span.Leave(outer);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Jobs} results ({Type}) are written one by one: the write of all of them failed")]
    private static partial void NotWritten(ILogger log, int jobs, string type, Exception failure);
}
