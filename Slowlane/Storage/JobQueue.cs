using Azure;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Slowlane.Jobs;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>The queue <c>jobs</c>. Its messages wake a worker.</summary>
internal sealed class JobQueue
{
    public const string Name = "jobs";

    // The default of 7 days would lose a job that waits longer. A message lives until a worker deletes it.
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _client;

    public JobQueue(SlowlaneOptions options)
        : this(options, transport: null)
    {
    }

    /// <param name="options">Names the storage account.</param>
    /// <param name="transport">Carries the requests; null for the client's own transport.</param>
    internal JobQueue(SlowlaneOptions options, HttpPipelineTransport? transport)
    {
        // The text is encoded here, because a client that decodes messages fails at a message that was sent without encoding.
        var client = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };

        // A caller waits for the answer: an unreachable queue should give a 503 within seconds, not minutes.
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        client.Transport = transport ?? client.Transport;
        _client = options.Storage.Queue(Name, client);
    }

    /// <summary>Sends one message.</summary>
    /// <param name="message">An <see cref="Envelope"/>.</param>
    /// <param name="after">How long the message stays hidden, rounded up to whole seconds, the queue's unit.</param>
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

    /// <summary>Sends the message that wakes a worker for a job. The job's row has everything else.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task WakeAsync(JobId id, string type, TimeSpan after, CancellationToken cancellationToken)
        => SendAsync(Envelope.WakeUp(id, type), after, cancellationToken);

    /// <summary>Returns the approximate number of messages, including those that a worker is processing; 0 if the queue does not exist.</summary>
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

    /// <summary>Returns when the next message to be received was sent; null if there is none. The queue delivers messages nearly in order.</summary>
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

    /// <summary>Checks that the queue answers. A queue that does not exist answers too.</summary>
    /// <exception cref="RequestFailedException">It can't be reached.</exception>
    public Task PingAsync(CancellationToken cancellationToken) => _client.ExistsAsync(cancellationToken);
}
