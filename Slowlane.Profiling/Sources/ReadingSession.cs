namespace Slowlane.Profiling.Sources;

/// <summary>
/// Settings of a session that a profile relies on. Server, database, role, environment and connection string may each set them otherwise.
/// </summary>
internal static class ReadingSession
{
    /// <summary>
    /// The maximum wait for a lock on the whole table, in PostgreSQL's notation. The lane is idle during the wait, so a later attempt is better
    /// than a longer wait.
    /// </summary>
    public const string LockTimeout = "10s";

    /// <summary>The statement that sets them until the transaction ends.</summary>
    // The transaction is idle while the computation is behind the reading, and the job's time limit bounds it.
    // The text of a value is that of PostgreSQL's defaults, in UTC. The order of day and month stays: it decides how a view reads a date.
    // quote_all_identifiers would change names and types. A scan that joins another one in the middle of the table would read the rows in another
    // order, and the sketches depend on it.
    public const string Set = $"""
        select pg_catalog.set_config(name, value, true) from (values
            ('lock_timeout', '{LockTimeout}'),
            ('idle_in_transaction_session_timeout', '0'),
            ('DateStyle', 'ISO'),
            ('IntervalStyle', 'postgres'),
            ('TimeZone', 'UTC'),
            ('extra_float_digits', '1'),
            ('bytea_output', 'hex'),
            ('quote_all_identifiers', 'off'),
            ('synchronize_seqscans', 'off')) as setting (name, value)
        """;
}
