namespace Slowlane.Bench.Drill;

/// <summary>How one accepted job ended, as its caller sees it, and what it wrote.</summary>
/// <param name="Job">Its number in the drill.</param>
/// <param name="MustFail">True when its input can't succeed.</param>
/// <param name="Status">From its status document; null when there was none to be had.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Writes">How often its result was written.</param>
internal sealed record JobOutcome(int Job, bool MustFail, string? Status, string? Reason, long Writes);

/// <summary>Balances what was accepted against what was written. Pure.</summary>
internal static class Account
{
    /// <summary>Reasons that the drill itself gives a job that could have succeeded.</summary>
    private static readonly string[] Excuses = ["worker-lost"];

    /// <summary>Every difference, as a sentence. None: accepted = written once + failed with a reason + cancelled.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyCollection<JobOutcome> jobs, int submitted, long rows)
    {
        var differences = new List<string>();
        if (jobs.Count != submitted)
        {
            differences.Add($"{submitted} jobs were submitted, {jobs.Count} accepted.");
        }

        if (rows != jobs.Count)
        {
            differences.Add($"{jobs.Count} jobs were accepted, and the database has {rows}.");
        }

        differences.AddRange(jobs.Select(Difference).OfType<string>());
        return differences;
    }

    private static string? Difference(JobOutcome job) => job switch
    {
        { Status: "succeeded", MustFail: true } => $"Job {job.Job} succeeded, and could not.",
        { Status: "succeeded", Writes: 1 } => null,
        { Status: "succeeded" } => $"Job {job.Job} succeeded and was written {job.Writes} times.",
        { Status: "failed" or "cancelled", Writes: > 0 } => $"Job {job.Job} {job.Status} ({job.Reason}) and was written {job.Writes} times.",
        { Status: "cancelled" } => null,
        { Status: "failed", Reason: null or "" } => $"Job {job.Job} failed without a reason.",
        { Status: "failed", MustFail: false } when !Excuses.Contains(job.Reason, StringComparer.Ordinal) => $"Job {job.Job} failed with {job.Reason}.",
        { Status: "failed" } => null,
        _ => $"Job {job.Job} is not finished: it is {job.Status ?? "nowhere"}.",
    };
}
