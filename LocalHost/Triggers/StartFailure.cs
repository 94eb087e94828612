using System.Net.Sockets;
using Azure;

namespace Slowlane.LocalHost.Triggers;

/// <summary>Why the platform's extensions did not start.</summary>
internal static class StartFailure
{
    /// <summary>What an outage of storage says; null when the failure is none, and waiting would not mend it.</summary>
    public static string? OutageIn(Exception? error) => error switch
    {
        null => null,
        AggregateException all => all.InnerExceptions.Select(OutageIn).FirstOrDefault(static outage => outage is not null),
        RequestFailedException { Status: not 400 } or SocketException or HttpRequestException or TimeoutException or TaskCanceledException => FirstLine(error),
        _ => OutageIn(error.InnerException),
    };

    /// <summary>In one line, with the option that was refused: that is told by the setter that threw, and by nothing else.</summary>
    public static string Describe(Exception error)
        => (error.TargetSite is { IsSpecialName: true } setter ? $"{setter.DeclaringType?.Name}.{setter.Name.Replace("set_", "", StringComparison.Ordinal)} is refused: " : "")
            + error.Message.ReplaceLineEndings(" ");

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].TrimEnd();
}
