namespace Slowlane.Storage;

/// <summary>Which job types are paused. A claim that begins after a pause was committed starts no attempt of the type.</summary>
internal sealed class PauseStore(Database database)
{
    // Paused again while the jobs of the pause before are still being woken: a new pause.
    private const string Pause = """
        insert into slowlane.paused as p (type) values ($1)
        on conflict (type) do update set since = case when p.resumed_at is null then p.since else now() end, resumed_at = null
        returning since
        """;

    /// <summary>Pauses a type, if it isn't; returns since when it is.</summary>
    public async Task<DateTimeOffset> PauseAsync(string type, CancellationToken cancellationToken)
        => (await AskAsync(Pause, type, cancellationToken)).GetValueOrDefault();

    /// <summary>Ends the pause of a type. False when there was none.</summary>
    public async Task<bool> ResumeAsync(string type, CancellationToken cancellationToken)
        => await AskAsync("update slowlane.paused set resumed_at = now() where type = $1 and resumed_at is null returning resumed_at", type, cancellationToken) is not null;

    /// <summary>Since when a type is paused; null when it isn't.</summary>
    public Task<DateTimeOffset?> SinceAsync(string type, CancellationToken cancellationToken)
        => AskAsync("select since from slowlane.paused where type = $1 and resumed_at is null", type, cancellationToken);

    private async Task<DateTimeOffset?> AskAsync(string sql, string type, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(sql, type);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? await reader.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken) : null;
    }
}
