using System.Globalization;
using System.Text.Json.Serialization;
using Azure;
using Microsoft.AspNetCore.Http;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The response of a health check.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>not-ready</c>.</param>
/// <param name="Down">What the app needs and can't use.</param>
/// <param name="Reasons">For each of these, what is wrong and the remedy.</param>
internal sealed record HealthDocument(
    string Status, IReadOnlyList<string> Down, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Reasons);

/// <summary>Reports whether the app runs, and whether the services that it needs are available.</summary>
internal sealed class Health(DatabaseProbe database, JobQueue queue, SlowlaneOptions options, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly IResult _alive = Results.Bytes("""{"status":"live","down":[]}"""u8.ToArray(), "application/json");

    /// <summary>Always 200, because the process answers. Uses no service.</summary>
    public IResult Live() => _alive;

    /// <summary>
    /// 200 when the app can read and write its tables, the queue answers, both within 2 s, and the durable extension can be used. Otherwise 503
    /// with the list of what is down, and why.
    /// </summary>
    /// <remarks>Without <c>WEBSITE_HOSTNAME</c> the platform's durable client binding fails. Every message then fails before its function begins.</remarks>
    public async Task<IResult> ReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var databaseReason = ReasonAsync(async () => (await database.AskAsync(linked.Token)).Reason);
        var queueReason = ReasonAsync(async () =>
        {
            await queue.PingAsync(linked.Token);
            return null;
        });
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("database", await databaseReason);
        Add("queue", await queueReason);
        Add("WEBSITE_HOSTNAME", options.HasHostName ? null : "The setting is missing. Let it be the app's host name, as the platform sets it.");
        return reasons.Count == 0
            ? Document("ready", [], reasons: null, StatusCodes.Status200OK)
            : Document("not-ready", [.. reasons.Keys], reasons, StatusCodes.Status503ServiceUnavailable);

        void Add(string name, string? reason)
        {
            if (reason is not null)
            {
                reasons.Add(name, reason);
            }
        }
    }

    private static IResult Document(string status, IReadOnlyList<string> down, Dictionary<string, string>? reasons, int code)
        => JsonResponse.Of(new HealthDocument(status, down, reasons), HttpJson.Default.HealthDocument, code);

    private static async Task<string?> ReasonAsync(Func<Task<string?>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"No answer within {Limit.TotalSeconds} s.");
        }
        catch (RequestFailedException e)
        {
            return e.Message.Split('\n')[0]; // The further lines are the headers of the answer.
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return e.Message;
        }
    }
}
