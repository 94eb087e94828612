using Azure;
using Azure.Core;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Slowlane.LocalHost.Queues;

/// <summary>A queue and its poison queue, as a listener needs them.</summary>
internal sealed class StorageQueue
{
    private readonly QueueClient _queue;
    private readonly QueueClient? _poison;
    private readonly QueueClient? _poisonAsIs;
    private readonly TimeSpan _invisibility;

    /// <param name="source">The queue.</param>
    /// <param name="options">Encoding and invisibility.</param>
    /// <param name="undecodable">Told of each message that the encoding can't read, before it is poisoned.</param>
    public StorageQueue(QueueSource source, QueueOptions options, Action<QueueMessage> undecodable)
    {
        _invisibility = options.Invisibility;
        HasPoison = source.PoisonQueue is not null;
        if (source.PoisonQueue is { } poison)
        {
            _poison = new QueueClient(source.ConnectionString, poison, Client(options.MessageEncoding));
            _poisonAsIs = new QueueClient(source.ConnectionString, poison, Client(QueueMessageEncoding.None));
        }

        var receiving = Client(options.MessageEncoding);
        receiving.MessageDecodingFailed += failed =>
        {
            undecodable(failed.ReceivedMessage);
            return PoisonAsync(_poisonAsIs, failed.ReceivedMessage, failed.ReceivedMessage.PopReceipt, failed.CancellationToken);
        };
        _queue = new QueueClient(source.ConnectionString, source.Queue, receiving);
    }

    public bool HasPoison { get; }

    /// <summary>Hides and returns up to <paramref name="count"/> messages; none when there is no such queue yet.</summary>
    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            return (await _queue.ReceiveMessagesAsync(count, _invisibility, cancellationToken)).Value;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound || exception.ErrorCode == QueueErrorCode.QueueBeingDeleted)
        {
            return [];
        }
    }

    /// <summary>Hides the message for another while and returns its new receipt.</summary>
    public async Task<string> HideAsync(QueueMessage message, string receipt, TimeSpan time, CancellationToken cancellationToken)
        => (await _queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: time, cancellationToken: cancellationToken)).Value.PopReceipt;

    public Task DeleteAsync(QueueMessage message, string receipt, CancellationToken cancellationToken)
        => _queue.DeleteMessageAsync(message.MessageId, receipt, cancellationToken);

    /// <summary>Copies the message to the poison queue, then deletes it: a crash between leaves two, never none.</summary>
    public Task PoisonAsync(QueueMessage message, string receipt, CancellationToken cancellationToken)
        => PoisonAsync(_poison, message, receipt, cancellationToken);

    private async Task PoisonAsync(QueueClient? poison, QueueMessage message, string receipt, CancellationToken cancellationToken)
    {
        if (poison is null)
        {
            return;
        }

        try
        {
            await poison.SendMessageAsync(message.Body, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await poison.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await poison.SendMessageAsync(message.Body, cancellationToken: cancellationToken);
        }

        await DeleteAsync(message, receipt, cancellationToken);
    }

    /// <summary>Short retries: the listener itself goes on trying. No client diagnostics, which cost more than the call's own work.</summary>
    private static QueueClientOptions Client(QueueMessageEncoding encoding) => new()
    {
        MessageEncoding = encoding,
        Retry = { Mode = RetryMode.Exponential, Delay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(1), MaxRetries = 4, NetworkTimeout = TimeSpan.FromSeconds(30) },
        Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
    };
}
