using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution.SqlFaults;

/// <summary>Asks why another server refuses a connection. Only the detail of PostgreSQL's error has the reason.</summary>
/// <remarks>
/// Npgsql hides details, because they may contain data. The statement therefore judges the detail in the server and returns only the verdict. If the
/// other server's messages are not in English, the verdict is that it can't be reached.
/// </remarks>
internal static class ForeignLogin
{
    private const string Prepare = $"select set_config('statement_timeout', '3s', true), set_config('slowlane.foreign_table', $1, true), set_config('role', '{JobRole.Name}', true)";

    private const string Try = """
        do $do$
        declare
            detail text;
        begin
            execute format('select from %s limit 0', current_setting('slowlane.foreign_table'));
        exception when others then
            get stacked diagnostics detail = pg_exception_detail;
            perform set_config('slowlane.foreign_fault', case
                when detail ~ 'FATAL: +database "[^"]*" does not exist' then 'Database'
                when detail ~ 'FATAL: +(sorry, )?(too many (clients|connections)|remaining connection slots)' then 'Connections'
                when detail ~ 'FATAL: +([^ ]+ authentication failed|no pg_hba.conf entry|role "[^"]*" does not exist)|no password supplied' then 'Login'
                else 'Away' end, true);
        end $do$
        """;

    private const string Verdict = "select coalesce(nullif(current_setting('slowlane.foreign_fault', true), ''), 'Away')";

    /// <summary>Connects to the server of a foreign table once more. Returns <see cref="ForeignFault.Away"/> if the reason is unknown.</summary>
    /// <param name="table">The foreign table, in SQL.</param>
    /// <param name="connection">A connection with the rights of the app's user, in no transaction.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<ForeignFault> AskAsync(string table, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands = { new(Prepare) { Parameters = { new() { Value = table } } }, new(Try), new(Verdict) },
            };
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return Enum.Parse<ForeignFault>(reader.GetString(0));
        }
        catch (NpgsqlException)
        {
            return ForeignFault.Away;
        }
    }
}
