using Azure;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Queues;

/// <summary>Polls the queue of one function and runs the function for its messages.</summary>
internal sealed partial class QueueListener
{
    /// <summary>How long running functions may take to end when the host stops.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    private static readonly Task Never = new TaskCompletionSource().Task;
    private static readonly TimeSpan ReceiveGrace = TimeSpan.FromSeconds(2);

    private readonly FunctionRunner _runner;
    private readonly QueueSource _source;
    private readonly QueueOptions _options;
    private readonly QueueOutage _outage;
    private readonly QueueBell _bell;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StorageQueue _queue;
    private readonly string _reason;
    private readonly List<Task> _running = [];

    public QueueListener(FunctionRunner runner, QueueSource source, QueueOptions options, QueueOutage outage, QueueBell bell, TimeProvider time, ILogger<QueueListener> logger)
    {
        _runner = runner;
        _source = source;
        _options = options;
        _outage = outage;
        _bell = bell;
        _time = time;
        _logger = logger;
        _queue = new StorageQueue(source, options, message => LogUndecodable(message.MessageId, source.Queue, options.MessageEncoding));
        _reason = $"New queue message detected on '{source.Queue}'.";
    }

    /// <summary>Listens until <paramref name="stopping"/>, then waits for the functions that run. What is left after the limit comes back by its invisibility.</summary>
    public async Task ListenAsync(CancellationToken stopping)
    {
        try
        {
            await PollAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The way a listener ends.
        }

        try
        {
            await Task.WhenAll(_running).WaitAsync(DrainLimit, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            LogLeft(_runner.Function.Name, _running.Count(static task => !task.IsCompleted), DrainLimit);
        }
    }

    private async Task PollAsync(CancellationToken stopping)
    {
        var delay = default(PollDelay);
        var foundSince = false;
        while (!stopping.IsCancellationRequested)
        {
            var rung = _queue.HasPoison ? _bell.Next : Never; // What is put aside can wait for the poll.
            var messages = await ReceiveAsync(stopping);
            if (messages.Count > 0)
            {
                foundSince = true;
                _running.AddRange(messages.Select(message => ProcessAsync(message, stopping)));
                await UntilThresholdAsync(stopping);
                continue;
            }

#pragma warning disable CA5394 // Spreads pollers; guards nothing.
            delay = delay.Next(foundSince, _options.MaxPollingInterval, Random.Shared.NextDouble());
#pragma warning restore CA5394
            foundSince = false;
            await rung.WaitAsync(delay.Wait, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Rung for, or waited long enough.
        }
    }

    /// <summary>An outage is told once, and its end; meanwhile the queue counts as empty.</summary>
    private async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(CancellationToken stopping)
    {
        try
        {
            // A receive that is cut off may have hidden messages that nobody knows of then, for 10 minutes: at the end it gets a moment to answer.
            using var late = new CancellationTokenSource();
            await using var end = stopping.Register(() => late.CancelAfter(ReceiveGrace));
            var messages = await _queue.ReceiveAsync(_options.BatchSize, late.Token);
            _outage.End(_source.Queue);
            return messages;
        }
        catch (Exception exception) when (IsStorageFailure(exception))
        {
            if (!stopping.IsCancellationRequested)
            {
                _outage.Begin(_source.Queue, exception);
            }

            return []; // Also at the end: a host that stops during an outage still waits for what runs.
        }
    }

    private async Task UntilThresholdAsync(CancellationToken stopping)
    {
        while (_running.Count > _options.NewBatchThreshold)
        {
            _running.Remove(await Task.WhenAny(_running).WaitAsync(stopping));
        }
    }

    private async Task ProcessAsync(QueueMessage message, CancellationToken stopping)
    {
        await Task.Yield();
        var settlement = Settle.Received(message.DequeueCount, _options.MaxDequeueCount, _queue.HasPoison);
        var receipt = message.PopReceipt;
        if (settlement == Settlement.Run)
        {
            bool succeeded;
            var hold = new MessageHold(_queue, message, _options.Invisibility, _time, exception => LogNotRenewed(exception, message.MessageId));
            await using (hold)
            {
                succeeded = await _runner.RunAsync(message, _reason, finish: null, stopping);
            }

            receipt = hold.Receipt;
            settlement = Settle.Finished(succeeded, message.DequeueCount, _options.MaxDequeueCount, _queue.HasPoison);
        }

        await SettleAsync(message, receipt, settlement);
    }

    /// <summary>Settles without a token: a function that has ended is settled even while the host stops.</summary>
    private async Task SettleAsync(QueueMessage message, string receipt, Settlement settlement)
    {
        try
        {
            switch (settlement)
            {
                case Settlement.Delete:
                    await _queue.DeleteAsync(message, receipt, CancellationToken.None);
                    break;
                case Settlement.Release:
                    await _queue.HideAsync(message, receipt, _options.VisibilityTimeout, CancellationToken.None);
                    break;
                case Settlement.Poison:
                    LogPoison(message.MessageId, _options.MaxDequeueCount, _source.PoisonQueue);
                    await _queue.PoisonAsync(message, receipt, CancellationToken.None);
                    break;
            }
        }
        catch (RequestFailedException exception) when (exception.Status is 400 or 404)
        {
            LogTaken(message.MessageId, settlement);
        }
        catch (Exception exception) when (IsStorageFailure(exception))
        {
            LogNotSettled(exception, message.MessageId, settlement);
        }
    }

    private static bool IsStorageFailure(Exception exception) => exception is RequestFailedException or AggregateException or OperationCanceledException;

    [LoggerMessage(3, LogLevel.Warning, "Message Id '{Id}' has reached MaxDequeueCount of {Max}. Moving message to queue '{PoisonQueue}'.")]
    private partial void LogPoison(string id, int max, string? poisonQueue);

    [LoggerMessage(4, LogLevel.Warning, "Message Id '{Id}' on queue '{Queue}' is not {Encoding}; it is poison.")]
    private partial void LogUndecodable(string id, string queue, Azure.Storage.Queues.QueueMessageEncoding encoding);

    [LoggerMessage(5, LogLevel.Debug, "Message Id '{Id}' was gone or taken by another before it could be settled ({Settlement}).")]
    private partial void LogTaken(string id, Settlement settlement);

    [LoggerMessage(6, LogLevel.Warning, "Message Id '{Id}' could not be settled ({Settlement}); it comes back by itself.")]
    private partial void LogNotSettled(Exception exception, string id, Settlement settlement);

    [LoggerMessage(7, LogLevel.Warning, "Message Id '{Id}' could not be kept hidden; another may take it.")]
    private partial void LogNotRenewed(Exception exception, string id);

    [LoggerMessage(8, LogLevel.Warning, "Function '{Function}' still runs for {Count} messages after {Limit}; they come back by themselves.")]
    private partial void LogLeft(string function, int count, TimeSpan limit);
}
