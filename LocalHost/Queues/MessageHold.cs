using Azure;
using Azure.Storage.Queues.Models;

namespace Slowlane.LocalHost.Queues;

/// <summary>Keeps a message hidden while its function runs, and knows the receipt that settles it.</summary>
internal sealed class MessageHold : IAsyncDisposable
{
    private readonly StorageQueue _queue;
    private readonly QueueMessage _message;
    private readonly TimeSpan _invisibility;
    private readonly Action<Exception> _failed;
    private readonly ITimer _halfTime;
    private Task _renewal = Task.CompletedTask;

    /// <param name="queue">Where the message is.</param>
    /// <param name="message">The message.</param>
    /// <param name="invisibility">How long a renewal lasts; it is made at half of that.</param>
    /// <param name="time">Says when half of it is over.</param>
    /// <param name="failed">Told of a renewal that failed; the next one is tried all the same.</param>
    public MessageHold(StorageQueue queue, QueueMessage message, TimeSpan invisibility, TimeProvider time, Action<Exception> failed)
    {
        _queue = queue;
        _message = message;
        _invisibility = invisibility;
        _failed = failed;
        Receipt = message.PopReceipt;
        _halfTime = time.CreateTimer(static hold => ((MessageHold)hold!).Renew(), this, invisibility / 2, invisibility / 2);
    }

    /// <summary>The receipt of the last renewal; final once the hold is disposed.</summary>
    public string Receipt { get; private set; }

    /// <summary>Stops renewing and waits for a renewal under way: its receipt is the one that counts.</summary>
    public async ValueTask DisposeAsync()
    {
        await _halfTime.DisposeAsync();
        await _renewal;
    }

    private void Renew()
    {
        if (_renewal.IsCompleted)
        {
            _renewal = RenewAsync();
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            Receipt = await _queue.HideAsync(_message, Receipt, _invisibility, CancellationToken.None);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or OperationCanceledException)
        {
            _failed(exception);
        }
    }
}
