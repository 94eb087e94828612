using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>Checks the values of <c>where</c> against the types of their columns, and gives them to the transaction.</summary>
internal static class WhereValues
{
    private const int MaxFaults = 10;

    // Parallel workers would yield the rows in another order each time, and the sketches depend on it.
    private const string Set = """
        select pg_catalog.count(pg_catalog.set_config(name, value, true))
        from unnest(array['max_parallel_workers_per_gather'] || $1::text[], array['0'] || $2::text[]) as setting (name, value)
        """;

    /// <summary>Sets the values as settings of the transaction, where the statement that reads the table finds them.</summary>
    /// <param name="source">The table and its conditions.</param>
    /// <param name="connection">A connection in a transaction that <see cref="TableReading"/> has prepared.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="JobException">A type can't read a value, or can't compare values.</exception>
    public static async Task SetAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var faults = await FaultsAsync([.. source.Where.SelectMany(WhereCheck.Of)], connection, cancellationToken);
        if (faults.Count > 0)
        {
            throw TableFaults.WhereValues(source.Table!, faults);
        }

        await SetAsync([.. source.Where.SelectMany(condition => condition.Column.Values)], connection, cancellationToken);
    }

    // Each round ends at a check that fails, and the next one goes on behind it. A type that can't be compared makes its values pointless.
    private static async Task<List<string>> FaultsAsync(List<WhereCheck> checks, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        while (faults.Count < MaxFaults && await FailingAsync(checks, connection, cancellationToken) is var (passed, failure))
        {
            var failed = checks[passed];
            faults.Add(failed.Fault(failure));
            checks = [.. checks.Skip(passed + 1).Where(check => !failed.IsOfType || check.Condition != failed.Condition)];
            await using var command = new NpgsqlCommand(TableReading.Back, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return faults;
    }

    // How many checks pass before one fails. Null if all pass.
    private static async Task<Tuple<int, PostgresException>?> FailingAsync(List<WhereCheck> checks, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (checks.Count == 0)
        {
            return null;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var check in checks)
        {
            batch.BatchCommands.Add(check.Command);
        }

        var passed = 0;
        try
        {
            await using var row = await batch.ExecuteReaderAsync(cancellationToken);
            do
            {
                await row.ReadAsync(cancellationToken);
                passed++;
            }
            while (await row.NextResultAsync(cancellationToken));
            return null;
        }
        catch (PostgresException e) when (WhereCheck.IsFault(e))
        {
            return Tuple.Create(passed, e);
        }
    }

    private static async Task SetAsync(string[] values, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Set, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. Enumerable.Range(1, values.Length).Select(WhereCondition.SettingOf)] },
                new NpgsqlParameter<string[]> { TypedValue = values },
            },
        };
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
