using System.Globalization;
using System.Text;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;

namespace TinyApp;

/// <param name="Name">A text.</param>
/// <param name="Count">A number.</param>
public sealed record Order(string Name, int Count);

/// <summary>Each kind of parameter that a queue's message can be.</summary>
public sealed class QueueFunctions
{
    [Function("Text")]
    public static Task Text([QueueTrigger("text")] string message, int dequeueCount, string id, DateTimeOffset insertionTime)
        => Notes.WriteAsync("text", string.Create(CultureInfo.InvariantCulture, $"{message}|{dequeueCount}|{Guid.TryParse(id, out _)}|{DateTimeOffset.UtcNow - insertionTime < TimeSpan.FromHours(1)}"));

    [Function("Poco")]
    public static Task Poco([QueueTrigger("poco")] Order order) => Notes.WriteAsync("poco", string.Create(CultureInfo.InvariantCulture, $"{order.Name}|{order.Count}"));

    [Function("Message")]
    public static Task Message([QueueTrigger("message")] QueueMessage message)
        => Notes.WriteAsync("message", string.Create(CultureInfo.InvariantCulture, $"{message.Body}|{message.DequeueCount}|{message.MessageId.Length > 0}|{message.PopReceipt.Length > 0}"));

    [Function("Bytes")]
    public static Task Bytes([QueueTrigger("bytes")] byte[] message) => Notes.WriteAsync("bytes", Encoding.UTF8.GetString(message));

    [Function("Binary")]
    public static Task Binary([QueueTrigger("binary")] BinaryData message) => Notes.WriteAsync("binary", message.ToString());

    /// <summary>Fails as often as the message says.</summary>
    [Function("Flaky")]
    public static async Task Flaky([QueueTrigger("flaky")] string message, int dequeueCount)
    {
        await Notes.WriteAsync("flaky-" + message, dequeueCount.ToString(CultureInfo.InvariantCulture));
        if (dequeueCount <= int.Parse(message, CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException($"Failed at {dequeueCount} of {message}.");
        }
    }

    /// <summary>Holds its message until the test opens the gate that it names.</summary>
    [Function("Hold")]
    public static async Task Hold([QueueTrigger("hold")] string gate, int dequeueCount, CancellationToken cancellationToken)
    {
        await Notes.WriteAsync(gate, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}|{dequeueCount}"));
        await Notes.UntilOpenAsync(gate, cancellationToken);
    }

    /// <summary>Ends its process as one that asks for another, the first time it sees its message.</summary>
    [Function("Recycle")]
    public static async Task Recycle([QueueTrigger("recycle")] string message, int dequeueCount)
    {
        await Notes.WriteAsync(message, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (dequeueCount == 1)
        {
            Environment.Exit(200);
        }
    }
}
