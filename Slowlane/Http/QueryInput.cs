using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Slowlane.Http;

/// <summary>Reads a job's input from a query string.</summary>
internal static class QueryInput
{
    /// <summary>Parameters that concern the call. All others are the job's input. Parameter names are case-insensitive.</summary>
    private static readonly FrozenSet<string> OfTheCall = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "wait", "code");

    /// <summary>The query as the input of a job. A value that is not a number becomes text, and the type refuses it.</summary>
    public static string Of(IQueryCollection query)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in query.Where(pair => !OfTheCall.Contains(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WritePropertyName(name);
                WriteValue(writer, name, values);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, StringValues values)
    {
        if (string.Equals(name, "columns", StringComparison.Ordinal))
        {
            writer.WriteStartArray();
            foreach (var column in values)
            {
                writer.WriteStringValue(column);
            }

            writer.WriteEndArray();
        }
        else if (int.TryParse(values.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && name is "top" or "bins" or "partitions")
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(values.ToString());
        }
    }
}
