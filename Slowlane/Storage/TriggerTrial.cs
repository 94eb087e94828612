using Npgsql;
using Slowlane.Resilience;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>
/// Finds a trigger that is not the engine's and keeps jobs from being claimed or written. A row goes the way of a job, and the transaction is
/// rolled back. So the trial is made only where there are such triggers, and a trigger that fails for some jobs alone passes it.
/// </summary>
internal static class TriggerTrial
{
    private const string Type = "trial";
    private const string AllAtOnce = "set constraints all immediate"; // Deferred triggers, too.
    private const string Record = $"insert into slowlane.job (id, type, status, attempt, max_attempts, fence, due_at, created_at, input) values ($1, '{Type}', {JobState.Queued}, 0, 1, 0, now(), now(), '{{}}')";
    private const string Claim = $"update slowlane.job as j set {JobTransition.Claim} where j.id = $5";
    private const string Succeed = $"update slowlane.job as j set {JobTransition.Succeed} where j.id = $1";
    private const string Result = "insert into slowlane.result (job_id, body) values ($1, '{}')";
    private const string Purge = "delete from slowlane.job where id = $1";

    /// <summary>The reason why jobs can't be claimed or written; null if a trial went well.</summary>
    public static async Task<string?> RunAsync(NpgsqlDataSource source, IReadOnlyList<ForeignTrigger> triggers, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = Database.LongestStatement };
        batch.BatchCommands.Add(new(AllAtOnce));
        Add(Record, id);
        Add(Claim, Type, TimeSpan.Zero, Type, 1, id);
        Add(Succeed, id);
        Add(Result, id);
        Add(Purge, id);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }
        catch (PostgresException e) when (SqlState.Judge(e.SqlState) is SqlVerdict.Job)
        {
            return Reason(e, triggers);
        }

        void Add(string sql, params object[] parameters)
        {
#pragma warning disable CA2100 // The text is one of the statements above.
            var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
            command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>The reason, with the trigger that the error's context names. A trigger in C has no context. Pure.</summary>
    internal static string Reason(PostgresException failure, IReadOnlyList<ForeignTrigger> triggers)
    {
        var trigger = triggers.FirstOrDefault(trigger => failure.Where?.Contains(trigger.FunctionName, StringComparison.Ordinal) == true) ?? triggers[0];
        return $"the trigger {trigger.Name} on {trigger.Table}, which is not Slowlane's, raises an error ({failure.SqlState}: {failure.MessageText}). Correct its function {trigger.Function}, or run as the owner of the table: alter table {trigger.Table} disable trigger {trigger.Name};";
    }
}
