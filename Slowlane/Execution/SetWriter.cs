using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Writes what the jobs of a set have computed: all in one transaction or, where one of them spoils it, each by itself.</summary>
internal sealed partial class SetWriter(ResultStore results, OutageRetry outageRetry, TimeProvider time, ILogger<SetWriter> log)
{
    /// <summary>Writes jobs of one type; each then knows whether it is written, or why not.</summary>
    public async Task WriteAsync(List<SetJob> jobs, IBatchJobHandler type, CancellationToken stopping)
    {
        using var stop = new AttemptCancellation(time, Timeout.InfiniteTimeSpan, stopping);
        try
        {
            await UntilItLandsAsync(stop, jobs[0].Claim.Type.Options.TimeLimit, () => WriteTogetherAsync(jobs, type, stop.WriteToken));
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
    private async Task WriteTogetherAsync(List<SetJob> jobs, IBatchJobHandler type, CancellationToken cancellationToken)
    {
        var computed = jobs.Select(job => (job.Claim, Computed: job.Computed!)).Where(job => job.Computed is not null);
        var written = await results.SucceedAsync([.. computed], type.WriteManyAsync, cancellationToken);
        foreach (var job in jobs)
        {
            job.IsWritten = written.Contains(job.Claim.Id);
            job.WriteFailure = job.IsWritten || !job.MayWrite ? null : new LeaseLostException();
        }
    }

    private async Task WriteAloneAsync(SetJob job)
    {
        var outer = job.Span.Enter();
        try
        {
            if (job.Computed is { } computed)
            {
                var stop = job.Running.Stop;
                await UntilItLandsAsync(stop, job.Claim.Type.Options.TimeLimit, () => results.SucceedAsync(job.Claim, computed, stop.WriteToken));
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
            job.Span.Leave(outer);
        }
    }

    /// <summary>Tries a write until it lands. The limit is that of each try: neither an outage that is waited out nor the others' writes are its time.</summary>
    private Task UntilItLandsAsync(AttemptCancellation stop, TimeSpan limit, Func<Task> write)
    {
        return Tracing.StepAsync("write", () => outageRetry.ExecuteAsync(TryAsync, stop.WriteToken));

        async Task TryAsync()
        {
            stop.Limit(limit);
            try
            {
                await write();
            }
            finally
            {
                stop.Limit(Timeout.InfiniteTimeSpan);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Jobs} results ({Type}) are written one by one: the write of all of them failed")]
    private static partial void NotWritten(ILogger log, int jobs, string type, Exception failure);
}
