using System.Diagnostics;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Slowlane.Bench.Growth.Report;
using Slowlane.Bench.Hosts;
using Slowlane.Bench.Statistics;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Bench.Growth;

/// <summary>Times the queue's calls with more and more messages in it: the app's own by its own client, the host's by the same library.</summary>
internal sealed class QueueSeries(GrowthEnvironment environment, GrowthOptions options, Action<string> progress)
{
    private const int AtOnce = 16;
    private const int Batch = 16; // What the host receives at a time, unless told otherwise.
    private const int WarmUps = 300;

    /// <summary>So long is one kind of call made: with many messages some take a second each.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(15);

    private static readonly BinaryData Message = Envelope.WithInput(
        JobId.New(TimeProvider.System, Stores.Spin.Tag), "spin", """{"id":7,"batch":"growth","job":12,"spin_ms":20}"""u8);

    private readonly JobQueue _queue = new(environment.Options);
    private readonly QueueClient _host = environment.Options.Storage.Queue(JobQueue.Name, new QueueClientOptions());
    private readonly List<Cell> _cells = [];
    private readonly List<string> _faults = [];
    private int _messages;

    public IReadOnlyList<Cell> Cells => _cells;

    public IReadOnlyList<string> Faults => _faults;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _host.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        if (options.Messages.Count > 0)
        {
            await WarmUpAsync(cancellationToken);
        }

        foreach (var level in options.Messages)
        {
            await FillAsync(level, cancellationToken);
            await MeasureAsync(FormattableString.Invariant($"{level:N0} messages"), cancellationToken);
            var left = await _queue.CountAsync(cancellationToken);
            if (left != level)
            {
                _faults.Add(FormattableString.Invariant($"The queue should hold {level:N0} messages again and holds {left:N0}."));
            }
        }
    }

    // Code is compiled here and in Azurite, and connections are open: otherwise the first level pays for that. Each turn
    // takes what is there, so the last one leaves nothing.
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        progress("warm-up");
        foreach (var atOnce in (int[])[1, AtOnce])
        {
            var limit = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, options.Short ? options.Calls : WarmUps, limit, async (_, token) =>
            {
                await SendAsync(token);
                await _queue.NextSentAsync(token);
                await _queue.CountAsync(token);
                var received = new Queue<QueueMessage>();
                await ReceiveAsync(received, token);
                foreach (var message in received)
                {
                    await DeleteAsync(message, token);
                }
            });
        }

        var left = await _queue.CountAsync(cancellationToken);
        if (left != 0)
        {
            _faults.Add(FormattableString.Invariant($"The queue should be empty after the warm-up and holds {left:N0}."));
        }
    }

    private async Task FillAsync(int level, CancellationToken cancellationToken)
    {
        progress(FormattableString.Invariant($"{level:N0} messages"));
        var limit = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(_messages, level, limit, async (_, token) => await SendAsync(token));
        _messages = Math.Max(level, _messages);
    }

    // As many are sent as are taken, so the level stays.
    private async Task MeasureAsync(string level, CancellationToken cancellationToken)
    {
        var receives = (Math.Min(options.Calls, 100) + Batch - 1) / Batch;
        var calls = receives * Batch; // Every receive finds so many, and takes no more than was sent.
        var sent = await TimeAsync("send", level, calls, () => SendAsync(cancellationToken), cancellationToken);
        await TimeAsync("peek", level, calls, () => _queue.NextSentAsync(cancellationToken), cancellationToken);
        await TimeAsync("count", level, calls, () => _queue.CountAsync(cancellationToken), cancellationToken);
        var received = new Queue<QueueMessage>();
        await TimeAsync($"receive {Batch}", level, receives, async () => await ReceiveAsync(received, cancellationToken), cancellationToken);
        sent -= await TimeAsync("delete", level, received.Count, () => DeleteAsync(received.Dequeue(), cancellationToken), cancellationToken);

        var each = new List<double>();
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (_, token) =>
        {
            var begun = Stopwatch.GetTimestamp();
            await SendAsync(token);
            lock (each)
            {
                each.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        });
        var rate = each.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        _cells.Add(Cell.Of($"send, {AtOnce} in flight", level, each, []) with { PerSecond = rate });
        await DrainAsync(received, sent + calls, cancellationToken);
    }

    /// <summary>Returns how often the call was made.</summary>
    private async Task<int> TimeAsync(string name, string level, int calls, Func<Task> call, CancellationToken cancellationToken)
    {
        var times = await CallTimes.MeasureAsync(calls, call, cancellationToken, MaxTime);
        if (times.Count > 0)
        {
            _cells.Add(Cell.Of(name, level, times, []) with { PerSecond = 1000 * times.Count / times.Sum() });
        }

        return times.Count;
    }

    private async Task DrainAsync(Queue<QueueMessage> received, int count, CancellationToken cancellationToken)
    {
        while (received.Count < count && await ReceiveAsync(received, cancellationToken, Math.Min(Batch, count - received.Count)) > 0)
        {
            // More.
        }

        await Parallel.ForEachAsync(received, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (message, token) => await DeleteAsync(message, token));
    }

    private async Task<int> ReceiveAsync(Queue<QueueMessage> received, CancellationToken cancellationToken, int most = Batch)
    {
        var messages = (await _host.ReceiveMessagesAsync(most, TimeSpan.FromMinutes(10), cancellationToken)).Value;
        foreach (var message in messages)
        {
            received.Enqueue(message);
        }

        return messages.Length;
    }

    private Task SendAsync(CancellationToken cancellationToken) => _queue.SendAsync(Message, TimeSpan.Zero, cancellationToken);

    private async Task DeleteAsync(QueueMessage message, CancellationToken cancellationToken)
        => await _host.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
}
