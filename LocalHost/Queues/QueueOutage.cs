using Microsoft.Extensions.Logging;

namespace Slowlane.LocalHost.Queues;

/// <summary>Says that queues can't be reached: once for all listeners of a process, and once when all are reached again.</summary>
internal sealed partial class QueueOutage(ILogger<QueueOutage> logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _down = new(StringComparer.Ordinal);

    public void Begin(string queue, Exception error)
    {
        lock (_gate)
        {
            if (_down.Add(queue) && _down.Count == 1)
            {
                LogOutage(queue, Reason(error));
            }
        }
    }

    public void End(string queue)
    {
        lock (_gate)
        {
            if (_down.Remove(queue) && _down.Count == 0)
            {
                LogBack();
            }
        }
    }

    /// <summary>What the last attempt says: the ones before it failed alike.</summary>
    public static string Reason(Exception error)
    {
        var last = error is AggregateException { InnerExceptions: [.., var attempt] } ? attempt : error;
        return last.Message.Split('\n')[0].Trim().TrimEnd('.');
    }

    [LoggerMessage(1, LogLevel.Warning, "Queue '{Queue}' can't be reached: {Why}. Trying on.")]
    private partial void LogOutage(string queue, string why);

    [LoggerMessage(2, LogLevel.Information, "The queues are reached again.")]
    private partial void LogBack();
}
