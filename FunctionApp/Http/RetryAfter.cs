using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>Says when to ask again (RFC 9110, section 10.2.3), in whole seconds.</summary>
internal static class RetryAfter
{
    public static void Set(HttpResponse response, TimeSpan usualTime)
        => response.Headers.RetryAfter = Seconds(usualTime).ToString(CultureInfo.InvariantCulture);

    /// <summary>At least a second, at most a minute. Pure.</summary>
    internal static int Seconds(TimeSpan usualTime) => (int)Math.Clamp(Math.Ceiling(usualTime.TotalSeconds), 1, 60);
}
