using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Claims jobs. Every time is the database's own, so a worker's clock does not matter.</summary>
internal sealed class ClaimStore(Database database, SlowlaneOptions options)
{
    private static readonly string Worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Claims the jobs of a message in one statement. Each job is taken or refused by itself.</summary>
    /// <param name="envelopes">One envelope, or several that carry their inputs.</param>
    /// <param name="type">The jobs' type.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// The taken jobs. A failure before the first job is taken is thrown. A later failure is returned, because this worker then
    /// has leased jobs.
    /// </returns>
    public async Task<ClaimedSet> ClaimAsync(IReadOnlyList<Envelope> envelopes, JobDefinition type, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        var taken = await TakeAsync(envelopes, type, cancellationToken);
        Exception? failure = null;
        try
        {
            await TakeRefusedAsync(envelopes, type, taken, cancellationToken);
        }
#pragma warning disable CA1031 // The caller throws it once the taken jobs are completed.
        catch (Exception e) when (taken.Count > 0)
#pragma warning restore CA1031
        {
            failure = e;
        }

        return new ClaimedSet([.. envelopes.Where(envelope => taken.ContainsKey(envelope.Id.Value)).Select(envelope => taken[envelope.Id.Value])], failure);
    }

    // Rarely, a claim is refused. More rarely, the job was retried just before its row was completed; that job can be taken now.
    private async Task TakeRefusedAsync(IReadOnlyList<Envelope> envelopes, JobDefinition type, Dictionary<Guid, Claim> taken, CancellationToken cancellationToken)
    {
        var refused = envelopes.Where(envelope => !envelope.IsWakeUp && !taken.ContainsKey(envelope.Id.Value)).ToList();
        if (refused.Count > 0 && await CompleteAsync(refused, type, cancellationToken) is { Count: > 0 } queued)
        {
            foreach (var (id, claim) in await TakeAsync([.. refused.Where(envelope => queued.Contains(envelope.Id.Value))], type, cancellationToken))
            {
                taken.Add(id, claim);
            }
        }
    }

    private async Task<Dictionary<Guid, Claim>> TakeAsync(IReadOnlyList<Envelope> envelopes, JobDefinition type, CancellationToken cancellationToken)
    {
        await using var command = envelopes is [{ IsWakeUp: true } known]
            ? database.Command(ClaimStatements.TakeKnown, Worker, options.Lease, type.Name, type.Options.MaxAttempts, known.Id.Value)
            : database.Command(ClaimStatements.TakeNew, Parameters(envelopes, type));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new Dictionary<Guid, Claim>(envelopes.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(6)) // Otherwise the job is only recorded, because its type is paused.
            {
                var id = reader.GetGuid(0);
                taken.Add(id, new Claim(JobId.FromRow(id), type, reader.GetInt32(1), reader.GetInt64(2), reader.GetInt32(3), reader.Text(4), reader.Text(5))
                {
                    Trace = reader.Text(7),
                    Waited = TimeSpan.FromSeconds(reader.GetDouble(8)),
                });
            }
        }

        return taken;
    }

    /// <summary>Gives rows without an input the input of their message. Returns the queued ones, which can now be taken.</summary>
    /// <exception cref="RowDroppedException">A job has no row, or one that can be taken, although it was written just now.</exception>
    private async Task<HashSet<Guid>> CompleteAsync(List<Envelope> envelopes, JobDefinition type, CancellationToken cancellationToken)
    {
        await using var command = database.Command(ClaimStatements.Complete, Parameters(envelopes, type));
        command.BatchCommands.Add(Statement.Of(ClaimStatements.Dropped, envelopes.Column(envelope => envelope.Id.Value), type.Name));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var queued = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(1))
            {
                queued.Add(reader.GetGuid(0));
            }
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0) ? throw new RowDroppedException() : queued;
    }

    private object?[] Parameters(IReadOnlyList<Envelope> envelopes, JobDefinition type) =>
    [
        Worker,
        options.Lease,
        type.Name,
        type.Options.MaxAttempts,
        envelopes.Column(envelope => envelope.Id.Value),
        envelopes.Column(envelope => envelope.Input),
        envelopes.Column(envelope => envelope.Blob),
        envelopes.Column(envelope => envelope.Id.CreatedAt),
        envelopes.Column(envelope => envelope.Trace),
    ];
}
