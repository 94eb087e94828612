using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Slowlane.Tests.Fixtures;

/// <summary>Takes the messages of a queue to their function and settles them as the host does, by host.json.</summary>
internal sealed class QueuePump : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPauseForPoison = TimeSpan.FromSeconds(1); // Hardly a test sends one, and each look costs.
    private static readonly TimeSpan Invisibility = TimeSpan.FromMinutes(10); // No test takes that long: nothing renews it.

    private readonly QueueClient _queue;
    private readonly QueueClient? _poison;
    private readonly int _atOnce;
    private readonly int _maxDequeueCount;
    private readonly TimeSpan _visibilityTimeout;
    private readonly Func<string, CancellationToken, Task> _run;
    private readonly List<Task> _running = [];

    /// <param name="storage">A connection string.</param>
    /// <param name="queue">The queue's name.</param>
    /// <param name="poison">The name of the queue for what fails too often; null: it is left hidden.</param>
    /// <param name="atOnce">How many messages are run at a time.</param>
    /// <param name="hostJson">host.json.</param>
    /// <param name="run">The function.</param>
    public QueuePump(string storage, string queue, string? poison, int atOnce, IConfiguration hostJson, Func<string, CancellationToken, Task> run)
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None, Retry = { MaxRetries = 0 } };
        var settings = hostJson.GetRequiredSection("extensions:queues");
        _queue = new QueueClient(storage, queue, options);
        _poison = poison is null ? null : new QueueClient(storage, poison, options);
        _atOnce = atOnce;
        _maxDequeueCount = settings.GetValue<int>("maxDequeueCount");
        _visibilityTimeout = settings.GetValue<TimeSpan>("visibilityTimeout");
        _run = run;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (pause, longest) = (ShortestPause, _poison is null ? LongestPauseForPoison : LongestPause);
        while (!stoppingToken.IsCancellationRequested)
        {
            _running.RemoveAll(task => task.IsCompleted);
            if (_running.Count == _atOnce)
            {
                await Task.WhenAny(_running);
                continue;
            }

            var messages = await ReceiveAsync(_atOnce - _running.Count);
            _running.AddRange(messages.Select(message => HandleAsync(message, stoppingToken)));
            if (messages.Count > 0)
            {
                pause = ShortestPause;
                continue;
            }

            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 1.5 < longest ? pause * 1.5 : longest;
        }

        await Task.WhenAll(_running);
    }

    // Without a token: what a receive that is cut off has hidden comes back after ten minutes.
    private async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int count)
    {
        try
        {
            return (await _queue.ReceiveMessagesAsync(count, Invisibility, CancellationToken.None)).Value;
        }
        catch (RequestFailedException)
        {
            return []; // There is no such queue yet, or storage is away.
        }
    }

    private async Task HandleAsync(QueueMessage message, CancellationToken stopping)
    {
        await Task.Yield();
        var succeeded = await SucceedsAsync(message.Body.ToString(), stopping);
        try
        {
            await SettleAsync(message, succeeded);
        }
        catch (RequestFailedException)
        {
            // It comes back by itself.
        }
    }

    private async Task<bool> SucceedsAsync(string text, CancellationToken stopping)
    {
        try
        {
            await _run(text, stopping);
            return true;
        }
#pragma warning disable CA1031 // Whatever a function throws is its message's failure.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private async Task SettleAsync(QueueMessage message, bool succeeded)
    {
        if (!succeeded && _poison is null)
        {
            return;
        }

        if (!succeeded && message.DequeueCount < _maxDequeueCount)
        {
            await _queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.Body, _visibilityTimeout);
            return;
        }

        if (!succeeded)
        {
            await _poison!.CreateIfNotExistsAsync();
            await _poison.SendMessageAsync(message.Body);
        }

        await _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
    }
}
