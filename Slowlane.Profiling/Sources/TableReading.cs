using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>One reading of a table, in a transaction that the caller began: how the transaction reads, and why PostgreSQL refuses or ends it.</summary>
internal sealed class TableReading(ProfileInput input, NpgsqlConnection connection)
{
    /// <summary>Returns to the savepoint, so that a transaction goes on after an error.</summary>
    internal const string Back = "rollback to savepoint reading";

    private ProfileSource? _source;

    /// <summary>Prepares the transaction and finds the table.</summary>
    /// <remarks>
    /// The transaction can't write. Without the caller's consent, PostgreSQL reports an error where row-level security would leave rows out. After
    /// an error the savepoint lets the same connection ask the catalog for its cause.
    /// </remarks>
    /// <exception cref="JobException">The table or a column does not exist, or a value of <c>where</c> doesn't fit its column.</exception>
    public async Task<ProfileSource> BeginAsync(CancellationToken cancellationToken)
    {
        var policies = input.RowSecurity ? "on" : "off";
        await ExecuteAsync(
            ["set transaction read only", ReadingSession.Set, $"set local row_security = {policies}", "savepoint reading"], cancellationToken);
        _source = await Catalog.FindAsync(input, connection, cancellationToken);
        if (_source.Where.Count > 0)
        {
            await WhereValues.SetAsync(_source, connection, cancellationToken);
        }

        return _source;
    }

    /// <summary>Runs a step, and explains an error of PostgreSQL to the caller where there is something to say.</summary>
    /// <exception cref="JobException">The table can't be read.</exception>
    public async Task<T> ExplainAsync<T>(Func<Task<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (PostgresException failure)
        {
            await ThrowReasonAsync(failure, cancellationToken);
            throw;
        }
    }

    /// <summary>Requires that nothing that was read has turned policies on.</summary>
    /// <exception cref="JobException">A view has, so functions that it called after that may have left rows out.</exception>
    public async Task RequirePoliciesOffAsync(CancellationToken cancellationToken)
    {
        if (input.RowSecurity)
        {
            return;
        }

        await using var command = new NpgsqlCommand("show row_security", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is not "off")
        {
            throw RightsFaults.TurnedOn(_source!.Table!);
        }
    }

    private async Task ThrowReasonAsync(PostgresException failure, CancellationToken cancellationToken)
    {
        if (await ReasonAsync(failure, cancellationToken) is { } reason)
        {
            throw reason;
        }
    }

    private async Task<JobException?> ReasonAsync(PostgresException failure, CancellationToken cancellationToken)
    {
        if (TableFaults.IsOfForeignServer(failure))
        {
            return null;
        }

        var table = _source?.Table ?? input.Table!.ToString();
        return _source is not null && RightsFaults.Concerns(failure)
            ? RightsFaults.Of(failure, table, await ObstaclesAsync(failure, _source, cancellationToken)) ?? TableFaults.Of(failure, table)
            : TableFaults.Of(failure, table);
    }

    private async Task<IReadOnlyList<Obstacle>> ObstaclesAsync(PostgresException failure, ProfileSource source, CancellationToken cancellationToken)
    {
        try
        {
            // Names come back with their schemas, and the statements that are made of them mean the same on every search path.
            await ExecuteAsync([Back, "set local search_path = pg_catalog"], cancellationToken);
            var obstacles = await Obstacles.FindAsync(source, failure.MessageText, connection, cancellationToken);
            await ExecuteAsync([Back], cancellationToken);
            return obstacles;
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            return []; // The connection is lost, or its transaction is over: PostgreSQL's own words have to do.
        }
    }

    private async Task ExecuteAsync(string[] statements, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
#pragma warning disable CA2100 // The text is one of the statements above.
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
#pragma warning restore CA2100
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
