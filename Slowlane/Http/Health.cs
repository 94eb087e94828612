using Microsoft.AspNetCore.Http;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The response of a health check.</summary>
internal sealed record HealthDocument(string Status, IReadOnlyList<string> Down);

/// <summary>Reports whether the app runs, and whether the services that it needs are available.</summary>
internal sealed class Health(Database database, JobQueue queue, SlowlaneOptions options, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly IResult _alive = Results.Bytes("""{"status":"live","down":[]}"""u8.ToArray(), "application/json");

    /// <summary>Always 200, because the process answers. Uses no service.</summary>
    public IResult Live() => _alive;

    /// <summary>
    /// 200 when the database and the queue answer within 2 s and the durable extension can be used. Otherwise 503 with the list of what is down.
    /// </summary>
    /// <remarks>Without <c>WEBSITE_HOSTNAME</c> the platform's durable client binding fails. Every message then fails before its function begins.</remarks>
    public async Task<IResult> ReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var databaseAnswers = AnswersAsync(AskDatabaseAsync(linked.Token));
        var queueAnswers = AnswersAsync(queue.PingAsync(linked.Token));
        List<string> down = [];
        if (!await databaseAnswers)
        {
            down.Add("database");
        }

        if (!await queueAnswers)
        {
            down.Add("queue");
        }

        if (!options.HasHostName)
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
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command("select 1");
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
