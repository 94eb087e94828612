using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>How long a caller will wait: <c>Prefer: wait=N</c> (RFC 7240, section 4.3) or <c>?wait=N</c>, in seconds.</summary>
internal static class WaitPreference
{
    /// <summary>The maximum wait. Azure's load balancer ends a response at 230 s.</summary>
    public const int MaxSeconds = 200;

    /// <summary>Reads the wait. It adds <c>Vary</c> to the response, because the response depends on the preference (RFC 7240, section 2).</summary>
    /// <param name="request">The request.</param>
    /// <param name="wait">The wait. Zero if none is requested. A longer preference waits for <see cref="MaxSeconds"/>.</param>
    /// <param name="preferred">True if the wait came by <c>Prefer</c>. The response must then say whether it was applied.</param>
    /// <param name="fault">What is wrong with <c>?wait</c>. A malformed preference is ignored, as RFC 7240 requires.</param>
    public static bool TryRead(HttpRequest request, out TimeSpan wait, out bool preferred, out string fault)
    {
        fault = "";
        request.HttpContext.Response.Headers.Append("Vary", "Prefer");
        if (FromHeader(request) is { } seconds)
        {
            preferred = true;
            wait = TimeSpan.FromSeconds(seconds);
            return true;
        }

        preferred = false;
        wait = TimeSpan.Zero;
        var text = request.Query["wait"].ToString();
        if (text.Length == 0)
        {
            return true;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked <= MaxSeconds)
        {
            wait = TimeSpan.FromSeconds(asked);
            return true;
        }

        fault = string.Create(CultureInfo.InvariantCulture, $"'wait' is '{JsonValue.Shorten(text)}'; send whole seconds from 0 to {MaxSeconds}.");
        return false;
    }

    /// <summary>States in the response that the preference was applied, with the wait that was granted (RFC 7240, section 3).</summary>
    public static void Applied(HttpResponse response, TimeSpan wait)
        => response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={wait.TotalSeconds:F0}");

    private static int? FromHeader(HttpRequest request)
    {
        foreach (var preference in request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            var token = preference.AsSpan();
            var end = token.IndexOf(';');
            token = (end < 0 ? token : token[..end]).Trim();
            if (token.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(token["wait=".Length..].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) // Whole, of any length.
            {
                return (int)Math.Min(seconds, MaxSeconds);
            }
        }

        return null;
    }
}
