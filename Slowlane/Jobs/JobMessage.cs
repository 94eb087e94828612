using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>The content of a message in the queue <c>jobs</c>: one job, several short jobs of one type, or the name of a blob with a batch of jobs.</summary>
internal abstract record JobMessage
{
    private JobMessage()
    {
    }

    /// <summary>One job.</summary>
    public sealed record One(Envelope Job) : JobMessage;

    /// <summary>Several jobs of one type, each with its input (<see cref="SharedMessage"/>).</summary>
    public sealed record Several(string Type, IReadOnlyList<Envelope> Jobs) : JobMessage;

    /// <summary>The name of a blob that holds jobs of one type. A worker still has to send a message for each of them.</summary>
    public sealed record Batch(string Type, string Blob) : JobMessage;

    // An input has at most 64 levels. A message adds one level for itself and two for the list of its jobs.
    private static readonly JsonDocumentOptions Deeper = new() { MaxDepth = 67 };

    /// <summary>Reads a message, or the content of a batch's blob.</summary>
    /// <exception cref="FormatException">The text is not a job message. The exception says why.</exception>
    public static JobMessage Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Deeper);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"The message is not a job envelope: {e.Message}", e);
        }
    }

    private static JobMessage Read(JsonElement root) => root.GetProperty("v").GetInt32() switch
    {
        Envelope.Version => new One(Envelope.Read(root)),
        SharedMessage.Version => SharedMessage.Read(root),
        var version => throw new FormatException($"The message has envelope version {version}; this worker reads versions {Envelope.Version} and {SharedMessage.Version}. Upgrade the workers, then replay it."),
    };
}
