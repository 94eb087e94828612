using Azure;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Slowlane.Jobs;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>The queue <c>jobs</c>: the doorbell that wakes a worker.</summary>
internal sealed class JobQueue
{
    /// <summary>The queue's name.</summary>
    public const string Name = "jobs";

    // The default of 7 days would lose a job that waits longer; a message lives until a worker deletes it.
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _client;

    public JobQueue(SlowlaneOptions options)
        : this(options, transport: null)
    {
    }

    /// <param name="options">Which account.</param>
    /// <param name="transport">What brings the requests there; null: the client's own.</param>
    internal JobQueue(SlowlaneOptions options, HttpPipelineTransport? transport)
    {
        // The text is encoded here: a client that decodes what it reads fails at a message that somebody else sent as it was.
        var client = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };

        // A caller waits for the answer: an unreachable queue should be a 503 within seconds, not within minutes.
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        client.Transport = transport ?? client.Transport;
        _client = options.Storage.Queue(Name, client);
    }

    /// <summary>Sends one message.</summary>
    /// <param name="message">An <see cref="Envelope"/>.</param>
    /// <param name="after">How long it stays hidden; rounded up to whole seconds, the queue's unit.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent all the same.</param>
    /// <exception cref="RequestFailedException">The queue can't be reached, or refuses.</exception>
    public async Task SendAsync(BinaryData message, TimeSpan after, CancellationToken cancellationToken)
    {
        var (text, visibility) = (Convert.ToBase64String(message), TimeSpan.FromSeconds(Math.Ceiling(after.TotalSeconds)));
        try
        {
            await _client.SendMessageAsync(text, visibility, Forever, cancellationToken);
        }
        catch (RequestFailedException e) when (string.Equals(e.ErrorCode, QueueErrorCode.QueueNotFound.ToString(), StringComparison.Ordinal))
        {
            await _client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await _client.SendMessageAsync(text, visibility, Forever, cancellationToken);
        }
    }

    /// <summary>Sends the message that wakes a worker for a job whose row has all else.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task WakeAsync(JobId id, string type, TimeSpan after, CancellationToken cancellationToken)
        => SendAsync(Envelope.WakeUp(id, type), after, cancellationToken);

    /// <summary>About how many messages the queue holds, those that a worker is at included; 0 when it was never made.</summary>
    /// <exception cref="RequestFailedException">It can't be reached.</exception>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            var properties = await _client.GetPropertiesAsync(cancellationToken);
            return properties.Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>When the message was sent that is the next to be received; null when there is none. Messages come in turn, or nearly so.</summary>
    /// <exception cref="RequestFailedException">It can't be reached.</exception>
    public async Task<DateTimeOffset?> NextSentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _client.PeekMessageAsync(cancellationToken)).Value?.InsertedOn;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Asks the queue for a sign of life. A queue that was never made answers too.</summary>
    /// <exception cref="RequestFailedException">It can't be reached.</exception>
    public Task PingAsync(CancellationToken cancellationToken) => _client.ExistsAsync(cancellationToken);
}
