using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>Whether a job type is paused.</summary>
internal sealed record PauseDocument(string Type, bool Paused, DateTimeOffset? Since);

/// <summary>The HTTP contract of pauses: an administrator keeps the jobs of a type from starting, and lets them start again.</summary>
internal sealed partial class PauseApi(PauseStore store, HeldJobs held, JobRegistry types, IHostApplicationLifetime process, ILogger<PauseApi> log)
{
    /// <summary>How long a resume goes on waking jobs after its answer; the sweep wakes the rest.</summary>
    private static readonly TimeSpan WakingLimit = TimeSpan.FromMinutes(1);

    /// <summary>Whether the type is paused.</summary>
    public Task<IResult> LookAsync(string type, CancellationToken cancellationToken)
        => AnswerAsync(type, () => store.SinceAsync(type, cancellationToken));

    /// <summary>Starts no attempt of the type from now on. Paused before: since then.</summary>
    public Task<IResult> PauseAsync(string type, CancellationToken cancellationToken) => AnswerAsync(type, async () =>
    {
        var since = await store.PauseAsync(type, cancellationToken);
        Paused(log, type, since);
        return since;
    });

    /// <summary>Lets the jobs of the type start again.</summary>
    public Task<IResult> ResumeAsync(string type, CancellationToken cancellationToken) => AnswerAsync(type, async () =>
    {
        if (await store.ResumeAsync(type, cancellationToken))
        {
            Resumed(log, type);
            _ = WakeAsync(type, process.ApplicationStopping); // Behind the answer: thousands may wait.
        }

        return null;
    });

    private async Task<IResult> AnswerAsync(string type, Func<Task<DateTimeOffset?>> since)
    {
        if (types.Find(type) is null)
        {
            return Problem.UnknownType(type, types.Names);
        }

        try
        {
            var at = await since();
            return Results.Json(new PauseDocument(type, at is not null, at), HttpJson.Default.PauseDocument);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            Unreachable(log, type, e.Message);
            return Problem.Unavailable("The database");
        }
    }

    // The type is resumed whatever happens now: the sweep wakes who was not.
    private async Task WakeAsync(string type, CancellationToken cancellationToken)
    {
        try
        {
            await held.WakeAsync(WakingLimit, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException || Outage.IsOfService(e))
        {
            NotWoken(log, type, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job type {Type} is paused since {Since:O}")]
    private static partial void Paused(ILogger log, string type, DateTimeOffset since);

    [LoggerMessage(LogLevel.Information, "Job type {Type} is resumed")]
    private static partial void Resumed(ILogger log, string type);

    [LoggerMessage(LogLevel.Warning, "Job type {Type} is resumed, but a service can't be reached; the sweep wakes its jobs: {Reason}")]
    private static partial void NotWoken(ILogger log, string type, string reason);

    [LoggerMessage(LogLevel.Warning, "The pause of job type {Type} can't be read or changed, the database can't be reached: {Reason}")]
    private static partial void Unreachable(ILogger log, string type, string reason);
}
