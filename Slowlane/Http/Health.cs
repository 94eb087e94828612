using Microsoft.AspNetCore.Http;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>What a health check says.</summary>
internal sealed record HealthDocument(string Status, IReadOnlyList<string> Down);

/// <summary>Says whether the app is alive, and whether what it needs is there.</summary>
public sealed class Health
{
    private static readonly TimeSpan OutageRetry = TimeSpan.FromSeconds(2);

    private readonly IResult _alive = Results.Bytes("""{"status":"live","down":[]}"""u8.ToArray(), "application/json");
    private readonly Database _database;
    private readonly JobQueue _queue;
    private readonly TimeProvider _time;
    private readonly bool _hasHostName;

    internal Health(Database database, JobQueue queue, SlowlaneOptions options, TimeProvider time)
    {
        _hasHostName = options.HasHostName;
        _database = database;
        _queue = queue;
        _time = time;
    }

    /// <summary>200, always: the process answers. Touches nothing.</summary>
    public IResult Live() => _alive;

    /// <summary>200 when database and queue answer within 2 s and the durable extension can be used, 503 with what is down otherwise.</summary>
    /// <remarks>Without <c>WEBSITE_HOSTNAME</c> the platform's durable client binding fails, and every message with it before its function begins.</remarks>
    public async Task<IResult> ReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(OutageRetry, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var database = AnswersAsync(AskDatabaseAsync(linked.Token));
        var queue = AnswersAsync(_queue.PingAsync(linked.Token));
        List<string> down = [];
        if (!await database)
        {
            down.Add("database");
        }

        if (!await queue)
        {
            down.Add("queue");
        }

        if (!_hasHostName)
        {
            down.Add("WEBSITE_HOSTNAME");
        }

        return Results.Json(
            new HealthDocument(down.Count == 0 ? "ready" : "not-ready", down),
            HttpJson.Default.HealthDocument,
            statusCode: down.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task AskDatabaseAsync(CancellationToken cancellationToken)
    {
        await _database.ReadyAsync(cancellationToken);
        await using var command = _database.Command("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<bool> AnswersAsync(Task question)
    {
        try
        {
            await question;
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException || Outage.IsOfService(e))
        {
            return false;
        }
    }
}
