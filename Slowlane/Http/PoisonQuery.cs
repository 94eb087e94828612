using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>The page of a list of poison messages.</summary>
/// <param name="Before">Messages of smaller ids.</param>
/// <param name="Limit">The maximum number of messages.</param>
internal sealed record PoisonQuery(long Before, int Limit)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>Reads a query. Errors go to <paramref name="errors"/>, by parameter. Pure.</summary>
    public static PoisonQuery Read(IQueryCollection query, out Dictionary<string, List<string>> errors)
    {
        var (before, limit) = (long.MaxValue, (long)DefaultLimit);

        // Parameter names are case-insensitive. The host uses "code" for the function key.
        errors = QueryErrors.Of(query, (name, values) => name.ToUpperInvariant() switch
        {
            "LIMIT" => Fault(name, values.ToString(), MaxLimit, out limit),
            "CURSOR" => Fault(name, values.ToString(), long.MaxValue, out before),
            "CODE" => null,
            _ => $"There is no parameter '{JsonValue.Shorten(name)}'; known: limit, cursor.",
        });
        return new PoisonQuery(before, (int)limit);
    }

    /// <summary>The query of the next page, after the page that ends with this message.</summary>
    public string After(long last) => string.Create(CultureInfo.InvariantCulture, $"?limit={Limit}&cursor={last}");

    private static string? Fault(string name, string text, long max, out long value)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= max ? null
            : string.Create(CultureInfo.InvariantCulture, $"'{name}' is '{JsonValue.Shorten(text)}'; send a whole number from 1 to {max}.");
}
