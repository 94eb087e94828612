using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Reads the inputs of jobs, and fetches the data for their computations.</summary>
internal sealed partial class JobFetcher(
    InputBlobs inputs, Database database, PartitionCoordinator coordinator, IServiceScopeFactory scopes, TimeProvider time, ILogger<JobFetcher> log)
{
    /// <summary>Fetches the data of all these jobs together. Throws nothing: each job gets its own failure.</summary>
    public async Task<FetchedJobs> FetchAsync(IReadOnlyList<RunningJob> jobs, BatchAttempt attempt)
    {
        var (read, ended) = (new List<(RunningJob Job, object? Input)>(jobs.Count), new List<AttemptResult>());
        foreach (var job in jobs)
        {
            try
            {
                read.Add((job, await ReadAsync(job, attempt)));
            }
#pragma warning disable CA1031 // Any failure is this job's alone.
            catch (Exception e)
#pragma warning restore CA1031
            {
                ended.Add(AttemptResult.Failed(job, e));
            }
        }

        if (read.Count == 0)
        {
            return new FetchedJobs([], ended, [], Scope: null);
        }

        return await FetchAsync(read, ended, attempt);
    }

    private async Task<object?> ReadAsync(RunningJob job, BatchAttempt attempt)
    {
        if (job.Stop.Reason is not StopReason.None)
        {
            throw job.Stopped;
        }

        if (job.Claim.Blob is not { } blob)
        {
            return attempt.Handler.Accept(JsonElement.Parse(job.Claim.Input!));
        }

        using var limited = job.Stop.Limit(attempt.TimeLimit);
        return attempt.Handler.Accept(JsonElement.Parse(await inputs.ReadAsync(blob, job.Stop.Token)));
    }

    private async Task<FetchedJobs> FetchAsync(List<(RunningJob Job, object? Input)> read, List<AttemptResult> ended, BatchAttempt attempt)
    {
        var jobs = read.ConvertAll(job => job.Job);
        var scope = scopes.CreateAsyncScope();
        var fetched = await JobStep.RunAsync(jobs, attempt, time, log, step => FetchAsync(read, scope.ServiceProvider, step, attempt));
        if (fetched.Value is { } computations)
        {
            return new FetchedJobs([.. jobs.Zip(computations, (job, computation) => new ReadyJob(job, computation))], ended, [], scope);
        }

        if (fetched.SharedFailure is not { } e)
        {
            return new FetchedJobs([], [.. ended, .. fetched.Failed!], [], scope);
        }

        if (Outage.Is(e) && jobs.TrueForAll(job => job.Claim.Outages == 0)) // Next time each is tried by itself: it may be one job's.
        {
            Interrupted(log, jobs.Count, attempt.Handler.Name, e.Message, FailureStack.Of(e));
            return new FetchedJobs([], [.. ended, .. jobs.Select(job => AttemptResult.Failed(job, e, isLogged: true))], [], scope);
        }

        NotFetched(log, jobs.Count, attempt.Handler.Name, e.Message, FailureStack.Of(e));
        return new FetchedJobs([], ended, jobs, scope);
    }

    private async Task<IReadOnlyList<Computation>> FetchAsync(
        List<(RunningJob Job, object? Input)> read, IServiceProvider services, JobStep step, BatchAttempt attempt)
    {
        var fanOut = step.IsShared ? null : coordinator.For(read[0].Job.Claim, attempt.Runs, read[0].Job.Context);
        var request = new FetchRequest(services, database.Jobs, attempt.Meter, fanOut, step.Stop.Token);
        using var limited = step.Stop.Limit(attempt.TimeLimit);
        return await attempt.Lane.WaitOrAbandonAsync(attempt.Handler.FetchAsync(read.ConvertAll(job => job.Input), request), step.Stop.Token);
    }

    [LoggerMessage(LogLevel.Warning, "{Jobs} jobs ({Type}) were cut off: an outage ended the fetch for all of them ({Reason})")]
    private static partial void Interrupted(ILogger log, int jobs, string type, string reason, Exception? failure);

    [LoggerMessage(LogLevel.Warning, "{Jobs} jobs ({Type}) are tried one by one: the fetch for all of them failed ({Reason})")]
    private static partial void NotFetched(ILogger log, int jobs, string type, string reason, Exception? failure);
}

/// <summary>The result of a fetch. Each job is in one of the three lists. Dispose it once the jobs are completed.</summary>
/// <param name="Ready">Jobs that are ready to compute.</param>
/// <param name="Ended">Jobs that failed.</param>
/// <param name="Apart">Jobs whose shared fetch failed. Each is attempted by itself.</param>
/// <param name="Scope">The service scope of the attempt.</param>
internal sealed record FetchedJobs(
    IReadOnlyList<ReadyJob> Ready, IReadOnlyList<AttemptResult> Ended, IReadOnlyList<RunningJob> Apart, IAsyncDisposable? Scope) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Scope?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A job that is ready to compute.</summary>
internal readonly record struct ReadyJob(RunningJob Job, Computation Computation);
