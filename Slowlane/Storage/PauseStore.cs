namespace Slowlane.Storage;

/// <summary>Stores which job types are paused. A claim that begins after the commit of a pause starts no attempt of the type.</summary>
internal sealed class PauseStore(Database database)
{
    // A pause that begins while the jobs of the pause before are still being woken is a new one.
    private const string Pause = """
        insert into slowlane.paused as p (type) values ($1)
        on conflict (type) do update set since = case when p.resumed_at is null then p.since else now() end, resumed_at = null
        returning since
        """;

    /// <summary>Pauses a type that is not paused yet. Returns the start of its pause.</summary>
    public async Task<DateTimeOffset> PauseAsync(string type, CancellationToken cancellationToken)
        => (await QueryAsync(Pause, type, cancellationToken)).GetValueOrDefault();

    /// <summary>Ends the pause of a type. Returns false if the type was not paused.</summary>
    public async Task<bool> ResumeAsync(string type, CancellationToken cancellationToken)
        => await QueryAsync("update slowlane.paused set resumed_at = now() where type = $1 and resumed_at is null returning resumed_at", type, cancellationToken) is not null;

    /// <summary>Returns since when a type is paused; null if it is not.</summary>
    public Task<DateTimeOffset?> SinceAsync(string type, CancellationToken cancellationToken)
        => QueryAsync("select since from slowlane.paused where type = $1 and resumed_at is null", type, cancellationToken);

    // To pause or to resume twice is to do it once, so a statement on a stale session may be repeated.
    private Task<DateTimeOffset?> QueryAsync(string sql, string type, CancellationToken cancellationToken) => database.RunRepeatableAsync(
        async () =>
        {
            await using var command = database.Command(sql, type);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? await reader.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken) : (DateTimeOffset?)null;
        },
        cancellationToken);
}
