using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>What a message of the queue <c>jobs</c> says: one job, several short ones of a type, or where a batch of jobs lies.</summary>
internal abstract record JobMessage
{
    private JobMessage()
    {
    }

    /// <summary>One job.</summary>
    public sealed record One(Envelope Job) : JobMessage;

    /// <summary>Jobs of one type, each with its input (<see cref="SharedMessage"/>).</summary>
    public sealed record Several(string Type, IReadOnlyList<Envelope> Jobs) : JobMessage;

    /// <summary>A blob with jobs of one type, which are still to be sent each on its way.</summary>
    public sealed record Batch(string Type, string Blob) : JobMessage;

    // One level for the message, two for the jobs it holds.
    private static readonly JsonDocumentOptions Deeper = new() { MaxDepth = 67 };

    /// <summary>Reads a message, or the content of a batch's blob.</summary>
    /// <exception cref="FormatException">It is not one of ours; says why.</exception>
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
