using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>Sets <c>Retry-After</c> (RFC 9110, section 10.2.3), in whole seconds.</summary>
internal static class RetryAfter
{
    public static void Set(HttpResponse response, TimeSpan usualTime, TimeSpan running)
        => response.Headers.RetryAfter = Seconds(usualTime, running).ToString(CultureInfo.InvariantCulture);

    /// <summary>The rest of the usual time, between one second and one minute. Pure.</summary>
    /// <param name="usualTime">How long jobs of the type usually take.</param>
    /// <param name="running">How long this job has run. Negative if the database's clock runs ahead of this process's.</param>
    internal static int Seconds(TimeSpan usualTime, TimeSpan running)
        => (int)Math.Clamp(Math.Ceiling(usualTime.TotalSeconds - Math.Max(0, running.TotalSeconds)), 1, 60);
}
