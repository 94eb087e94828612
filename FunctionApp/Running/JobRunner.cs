using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Running.Parts;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Running;

/// <summary>Runs the job of one message: claim, fetch, compute, write.</summary>
public sealed partial class JobRunner
{
    private readonly JobRegistry _types;
    private readonly ComputeLanes _lanes;
    private readonly ClaimStore _claims;
    private readonly OutcomeStore _outcomes;
    private readonly InputBlobs _inputs;
    private readonly Settlement _settlement;
    private readonly CancelWatch _cancels;
    private readonly PartHolder _parts;
    private readonly Recycling _recycling;
    private readonly Patience _patience;
    private readonly Database _database;
    private readonly SlowlaneOptions _options;
    private readonly TimeProvider _time;
    private readonly JobMetrics _metrics;
    private readonly ILogger<JobRunner> _log;

    internal JobRunner(
        JobRegistry types,
        ComputeLanes lanes,
        ClaimStore claims,
        OutcomeStore outcomes,
        InputBlobs inputs,
        Settlement settlement,
        CancelWatch cancels,
        PartHolder parts,
        Recycling recycling,
        Patience patience,
        Database database,
        SlowlaneOptions options,
        TimeProvider time,
        JobMetrics metrics,
        ILogger<JobRunner> log)
    {
        _types = types;
        _lanes = lanes;
        _claims = claims;
        _outcomes = outcomes;
        _inputs = inputs;
        _settlement = settlement;
        _cancels = cancels;
        _parts = parts;
        _recycling = recycling;
        _patience = patience;
        _database = database;
        _options = options;
        _time = time;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Runs a message to its end. A return means: the message has done its work and can be deleted.</summary>
    /// <param name="message">As it came.</param>
    /// <param name="parts">Where the parts of a job are run that is split.</param>
    /// <param name="stopping">Fires when the process stops.</param>
    /// <exception cref="FormatException">The message is no job of this app; after a few deliveries the host puts it aside as poison.</exception>
    /// <exception cref="OperationCanceledException">The process is stopping before the job could be claimed or handed back.</exception>
    public async Task RunAsync(string message, IPartRuns parts, CancellationToken stopping)
    {
        var envelope = ((JobMessage.One)JobMessage.Read(MessageText.Of(message))).Job;
        var type = _types.Find(envelope.Type)
            ?? throw new FormatException($"The message names the job type '{envelope.Type}', which this worker doesn't know; known: {string.Join(", ", _types.Names)}.");

        // A lane before the claim: what waits for one is still queued, and says so.
        using var lane = await _lanes.ReserveAsync(stopping);
        var claim = await _patience.WaitOutAsync(() => _claims.ClaimAsync(envelope, type, stopping), stopping);
        if (claim is null)
        {
            Dropped(_log, envelope.Id, type.Name);
            return;
        }

        using var scope = _log.BeginScope(new AttemptScope(claim.Id, type.Name, claim.Attempt));
        using var span = AttemptSpan.Start(claim);
        _metrics.Claimed(type.Name, claim.Waited);
        lane.Computed = (duration, cpu) => _metrics.Computed(type.Name, duration, cpu);
        var outcome = await AttemptAsync(claim, lane, parts, stopping);
        _metrics.Attempted(type.Name, outcome);
        span.Ended(outcome);
        await SettleAsync(outcome, claim, stopping);
        _recycling.Consider();
    }

    private async Task<Outcome> AttemptAsync(Claim claim, Lane lane, IPartRuns parts, CancellationToken stopping)
    {
        using var stop = new AttemptStop(_time, claim.Type.Options.TimeLimit, stopping);
        using var watched = _cancels.Watch(claim.Id, stop);
        var context = new JobContext(claim.Id, claim.Type.Name, claim.Attempt, stop.Token);
        await using var heartbeat = Heartbeat.Start(_claims, claim, context, stop, _options.Lease, _time, _log);
        Exception? failure = null;
        try
        {
            var computed = await lane.HoldAsync(ComputeAsync(claim, new Attempt(_database.Source, lane, context, _parts.For(claim, parts))), stop.Token);
            await WriteAsync(claim, computed, stop);
        }
#pragma warning disable CA1031 // Whatever went wrong is this attempt's outcome, decided below.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            Log(claim, e);
        }

        return OutcomeRule.Decide(failure, stop.Reason, claim.Attempt, claim.Outages, claim.Type.Options, Random.Shared.NextDouble());
    }

    // What a job type says of itself is the job's answer, told once by its settlement; anything else is worth a stack.
    private void Log(Claim claim, Exception failure)
    {
        if (failure is not (JobException or LeaseLostException or OperationCanceledException))
        {
            AttemptFailed(_log, claim.Id, claim.Type.Name, claim.Attempt, failure);
        }
    }

    private async Task<Computed> ComputeAsync(Claim claim, Attempt attempt)
    {
        var json = claim.Blob is null
            ? BinaryData.FromString(claim.Input!)
            : await _inputs.ReadAsync(claim.Blob, attempt.CancellationToken);
        using var input = JsonDocument.Parse(json);
        return await claim.Type.RunAsync(input.RootElement, attempt);
    }

    // A result that took minutes to compute outlives an outage of the database: the write is tried until it lands.
    private Task WriteAsync(Claim claim, Computed computed, AttemptStop stop) => Tracing.StepAsync(
        "write", () => _patience.WaitOutAsync(() => _outcomes.SucceedAsync(claim, computed, stop.WriteToken), stop.WriteToken));

    // Not under the stopping token alone: a process that stops still hands its jobs back.
    private async Task SettleAsync(Outcome outcome, Claim claim, CancellationToken stopping)
    {
        using var stop = new AttemptStop(_time, Timeout.InfiniteTimeSpan, stopping);
        await _patience.WaitOutAsync(() => _settlement.SettleAsync(outcome, claim, stop.WriteToken), stop.WriteToken);
    }

    [LoggerMessage(LogLevel.Debug, "Job {JobId} ({Type}): finished, held or not due; message dropped")]
    private static partial void Dropped(ILogger log, JobId jobId, string type);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): attempt {Attempt} did not end well")]
    private static partial void AttemptFailed(ILogger log, JobId jobId, string type, int attempt, Exception failure);
}
