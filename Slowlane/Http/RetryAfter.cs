using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>Says when to ask again (RFC 9110, section 10.2.3), in whole seconds.</summary>
internal static class RetryAfter
{
    public static void Set(HttpResponse response, TimeSpan usualTime, TimeSpan running)
        => response.Headers.RetryAfter = Seconds(usualTime, running).ToString(CultureInfo.InvariantCulture);

    /// <summary>What is left of the usual time: at least a second, at most a minute. Pure.</summary>
    /// <param name="usualTime">How long jobs of the type take.</param>
    /// <param name="running">How long this one has run. Less than nothing where the database's clock runs ahead of ours.</param>
    internal static int Seconds(TimeSpan usualTime, TimeSpan running)
        => (int)Math.Clamp(Math.Ceiling(usualTime.TotalSeconds - Math.Max(0, running.TotalSeconds)), 1, 60);
}
