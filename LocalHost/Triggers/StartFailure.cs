using System.Net.Sockets;
using Azure;

namespace Slowlane.LocalHost.Triggers;

/// <summary>Explains why the platform's extensions did not start.</summary>
internal static class StartFailure
{
    /// <summary>The message of a storage outage. Null if the failure is not an outage and waiting would not help.</summary>
    public static string? OutageIn(Exception? error) => error switch
    {
        null => null,
        AggregateException all => all.InnerExceptions.Select(OutageIn).FirstOrDefault(static outage => outage is not null),
        RequestFailedException { Status: not 400 } or SocketException or HttpRequestException or TimeoutException or TaskCanceledException => FirstLine(error),
        _ => OutageIn(error.InnerException),
    };

    /// <summary>The failure in one line, with the name of the refused option. Only the setter that threw reveals that name.</summary>
    public static string Describe(Exception error)
        => (error.TargetSite is { IsSpecialName: true } setter ? $"{setter.DeclaringType?.Name}.{setter.Name.Replace("set_", "", StringComparison.Ordinal)} is refused: " : "")
            + error.Message.ReplaceLineEndings(" ");

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].TrimEnd();
}
