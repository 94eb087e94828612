using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>
/// Renews the leases of running jobs until disposed: three beats per lease, and a beat for new progress. The jobs of one message
/// share their beats.
/// </summary>
internal sealed partial class Heartbeat : IAsyncDisposable
{
    /// <summary>The longest time before reported progress is saved.</summary>
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly LeaseStore _leases;
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _beats;

    private Heartbeat(LeaseStore leases, IReadOnlyList<RunningJob> jobs, TimeProvider time, ILogger log)
    {
        (_leases, _period, _time, _log) = (leases, leases.Lease / 3, time, log);
        _beats = BeatAsync([.. jobs.Select(job => new Beat(job, time.GetTimestamp()))], _end.Token);
    }

    public static Heartbeat Start(LeaseStore leases, IReadOnlyList<RunningJob> jobs, TimeProvider time, ILogger log)
        => new(leases, jobs, time, log);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beats.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task BeatAsync(List<Beat> jobs, CancellationToken end)
    {
        using var timer = new PeriodicTimer(_period < ProgressPeriod ? _period : ProgressPeriod, _time);
        while (jobs.Count > 0 && await timer.WaitForNextTickAsync(end))
        {
            jobs.RemoveAll(job => job.Job.IsCompleted);
            if (jobs.Where(job => job.IsDue(_time, _period)).ToList() is not { Count: > 0 } due)
            {
                continue;
            }

            try
            {
                await RenewAsync(jobs, due, end);
            }
#pragma warning disable CA1031 // A missed beat does not stop the job: while its token is valid no other worker has it, and the write checks the token.
            catch (Exception e) when (!end.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Missed(_log, due[0].Job.Claim.Id, due.Count - 1, e.Message);
            }
        }
    }

    private async Task RenewAsync(List<Beat> jobs, List<Beat> due, CancellationToken end)
    {
        var renewals = due.ConvertAll(job => (job.Job.Claim, job.Job.Context.Progress));
        var lost = await _leases.RenewAsync(renewals, end);
        for (var i = 0; i < due.Count; i++)
        {
            (due[i].Saved, due[i].Last) = (renewals[i].Progress, _time.GetTimestamp());
            if (lost.Contains(renewals[i].Claim))
            {
                due[i].Job.Stop.Stop(StopReason.LeaseLost);
                jobs.Remove(due[i]);
            }
        }
    }

    private sealed class Beat(RunningJob job, long last)
    {
        public RunningJob Job => job;

        public double? Saved { get; set; }

        public long Last { get; set; } = last;

        public bool IsDue(TimeProvider time, TimeSpan period) => job.Context.Progress != Saved || time.GetElapsedTime(Last) >= period;
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} and {Others} others: a heartbeat was missed: {Reason}")]
    private static partial void Missed(ILogger log, JobId jobId, int others, string reason);
}
