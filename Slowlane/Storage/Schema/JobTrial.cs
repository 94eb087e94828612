using Npgsql;
using Slowlane.Resilience;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage.Schema;

/// <summary>
/// Finds what keeps jobs from being claimed or written: a rule that is not the engine's, or a change of its tables. The trial inserts a row, claims it,
/// marks it as succeeded and rolls the transaction back. It does not find what refuses some jobs only.
/// </summary>
internal static class JobTrial
{
    private const string Type = "trial";
    private const string AllAtOnce = "set constraints all immediate"; // Deferred triggers, too.
    private const string Record = $"insert into slowlane.job (id, type, status, attempt, max_attempts, fence, due_at, created_at, input) values ($1, '{Type}', {JobState.Queued}, 0, 1, 0, now(), now(), '{{}}')";
    private const string Claim = $"update slowlane.job as j set {JobTransition.Claim} where j.id = $5";
    private const string Succeed = $"update slowlane.job as j set {JobTransition.Succeed} where j.id = $1";
    private const string Result = "insert into slowlane.result (job_id, body) select id, '{}' from slowlane.job where id = $1";
    private const string Purge = "delete from slowlane.job where id = $1";

    /// <summary>The reason why jobs can't be claimed or written; null if the trial succeeded.</summary>
    public static async Task<string?> RunAsync(NpgsqlDataSource source, IReadOnlyList<ForeignRule> rules, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        NpgsqlBatchCommand[] job =
        [
            Statement.Of(Once(Record), id),
            Statement.Of(Once(Claim), Type, TimeSpan.Zero, Type, 1, id),
            Statement.Of(Once(Succeed), id),
            Statement.Of(Once(Result), id),
            Statement.Of(Once(Purge), id),
        ];
        await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = Database.MaxStatementSeconds, BatchCommands = { new(AllAtOnce) } };
        Array.ForEach(job, batch.BatchCommands.Add);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return Array.Find(job, statement => statement.RecordsAffected == 0) is { } dropped ? Swallowed(dropped.CommandText, rules) : null;
        }
        catch (PostgresException e) when (rules.Any(rule => rule.IsNamedBy(e)) || SqlState.IsRaised(e) || SqlState.Judge(e.SqlState) is SqlVerdict.Job)
        {
            return Reason(e, rules);
        }

        // No session keeps the statement: one that was prepared while a rule made it empty would stay empty without the rule.
        string Once(string statement) => $"{statement} -- {id}";
    }

    /// <summary>The reason, with the rule that the error names. Pure.</summary>
    internal static string Reason(PostgresException failure, IReadOnlyList<ForeignRule> rules)
    {
        if ((rules.FirstOrDefault(rule => rule.IsNamedBy(failure)) ?? (rules is [var first, ..] ? first : null)) is not { } rule)
        {
            return $"the tables of the schema slowlane do not take the rows of a job ({failure.SqlState}: {failure.MessageText}). Undo what was changed in the schema.";
        }

        return $"{Subject(rule)} {(rule.IsTrigger ? "raises an error" : "refuses a row")} ({failure.SqlState}: {failure.MessageText}). {rule.Remedy}";
    }

    // No error says so.
    private static string Swallowed(string statement, IReadOnlyList<ForeignRule> rules)
    {
        var rule = rules.FirstOrDefault(rule => rule.MayDrop && statement.Contains(rule.Table + " ", StringComparison.Ordinal)) ?? (rules is [var first, ..] ? first : null);
        return rule is null
            ? "the tables of the schema slowlane drop the rows of a job. Undo what was changed in the schema."
            : $"{Subject(rule)} drops rows. {rule.Remedy}";
    }

    private static string Subject(ForeignRule rule) => $"the {rule.Kind} {rule.Name} on {rule.Table}, which is not Slowlane's,";
}
