using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The pause state of a job type.</summary>
internal sealed record PauseDocument(string Type, bool Paused, DateTimeOffset? Since);

/// <summary>The HTTP contract of pauses. An administrator stops the jobs of a type from starting, and resumes them.</summary>
internal sealed partial class PauseApi(
    PauseStore store, PausedJobs paused, JobRegistry types, IHostApplicationLifetime process, OutageResponse outage, ILogger<PauseApi> log)
{
    /// <summary>The maximum time that a resume wakes jobs after its response. The sweep wakes the rest.</summary>
    private static readonly TimeSpan MaxWakeTime = TimeSpan.FromMinutes(1);

    /// <summary>The pause state of the type.</summary>
    public Task<IResult> GetAsync(string type, CancellationToken cancellationToken)
        => AnswerAsync(type, () => store.SinceAsync(type, cancellationToken));

    /// <summary>Pauses the type: no attempt starts from now on. A type that is already paused keeps its start of the pause.</summary>
    public Task<IResult> PauseAsync(string type, CancellationToken cancellationToken) => AnswerAsync(type, async () =>
    {
        var since = await store.PauseAsync(type, cancellationToken);
        Paused(log, type, since);
        return since;
    });

    /// <summary>Resumes the type: its jobs may start again.</summary>
    public Task<IResult> ResumeAsync(string type, CancellationToken cancellationToken) => AnswerAsync(type, async () =>
    {
        if (await store.ResumeAsync(type, cancellationToken))
        {
            Resumed(log, type);
            _ = WakeAsync(type, process.ApplicationStopping); // Runs after the response, because thousands of jobs may wait.
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
            return JsonResponse.Of(new PauseDocument(type, at is not null, at), HttpJson.Default.PauseDocument);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return outage.Of(e, $"The pause of job type {type} can't be read or changed");
        }
    }

    // The type stays resumed even if this fails. The sweep wakes the remaining jobs.
    private async Task WakeAsync(string type, CancellationToken cancellationToken)
    {
        try
        {
            await paused.WakeAsync(MaxWakeTime, cancellationToken);
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
}
