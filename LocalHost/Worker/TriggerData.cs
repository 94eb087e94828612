using System.Collections.Frozen;
using System.Globalization;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Slowlane.LocalHost.Worker;

/// <summary>What a trigger says about itself, as text, read when the function asks for it.</summary>
internal sealed class TriggerData(object trigger) : BindingContext
{
    private IReadOnlyDictionary<string, object?>? _data;

    public override IReadOnlyDictionary<string, object?> BindingData => _data ??= trigger switch
    {
        HttpContext http => OfRequest(http.Request),
        QueueMessage message => OfMessage(message),
        _ => FrozenDictionary<string, object?>.Empty,
    };

    private static Dictionary<string, object?> OfRequest(HttpRequest request)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Query)
        {
            data[name] = (string?)value;
        }

        data.Remove("code");
        foreach (var (name, value) in request.RouteValues)
        {
            data[name] = value;
        }

        return data;
    }

    private static Dictionary<string, object?> OfMessage(QueueMessage message) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = message.Body.ToString(),
        ["Id"] = message.MessageId,
        ["PopReceipt"] = message.PopReceipt,
        ["DequeueCount"] = message.DequeueCount.ToString(CultureInfo.InvariantCulture),
        ["InsertionTime"] = message.InsertedOn?.ToString("O", CultureInfo.InvariantCulture),
        ["ExpirationTime"] = message.ExpiresOn?.ToString("O", CultureInfo.InvariantCulture),
        ["NextVisibleTime"] = message.NextVisibleOn?.ToString("O", CultureInfo.InvariantCulture),
    };
}
