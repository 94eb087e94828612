using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Says that the database can't be reached: once for all loops of a process, and once when it is reached again.</summary>
internal sealed partial class DurableOutage(ILogger<DurableOutage> logger)
{
    private int _down;

    /// <summary>Whether a failure is the database's, to wait out, and not this code's.</summary>
    public static bool Is(Exception exception) => exception is DbException or IOException or TimeoutException;

    public void Begin(Exception error)
    {
        if (Interlocked.Exchange(ref _down, 1) == 0)
        {
            LogOutage(error.Message.Split('\n')[0].Trim().TrimEnd('.'));
        }
    }

    public void End()
    {
        if (Volatile.Read(ref _down) == 1 && Interlocked.Exchange(ref _down, 0) == 1)
        {
            LogBack();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Orchestrations wait: the database can't be used: {Why}. Trying on.")]
    private partial void LogOutage(string why);

    [LoggerMessage(2, LogLevel.Information, "Orchestrations go on: the database is back.")]
    private partial void LogBack();
}
