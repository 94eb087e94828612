using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slowlane.Execution;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>The filters and the page of a job list.</summary>
internal sealed record ListQuery(string? Type, JobStatus? Status, JobId? Before, int Limit)
{
    /// <summary>The maximum number of jobs on a page.</summary>
    public const int MaxLimit = 200;

    private const int DefaultLimit = 50;

    private static readonly string[] Statuses = [.. Enum.GetValues<JobStatus>().Select(status => status.Name())];

    /// <summary>Reads a query. Errors go to <paramref name="errors"/>, by parameter. Pure.</summary>
    public static ListQuery Read(IQueryCollection query, IReadOnlyList<string> types, out Dictionary<string, List<string>> errors)
    {
        var (type, status, before, limit) = ((string?)null, (JobStatus?)null, (JobId?)null, DefaultLimit);
        errors = QueryErrors.Of(query, (name, values) => values.Count > 1 ? $"'{name}' is given {values.Count} times; give it once." : Fault(name, values.ToString()));
        return new ListQuery(type, status, before, limit);

        // Parameter names are case-insensitive. The host uses "code" for the function key.
        string? Fault(string name, string value)
        {
            switch (name.ToUpperInvariant())
            {
                case "TYPE":
                    type = value;
                    return types.Contains(value, StringComparer.Ordinal) ? null : $"{Quoted(value)} is not a job type of this app; known: {string.Join(", ", types)}.";
                case "STATUS":
                    var known = Statuses.Contains(value, StringComparer.Ordinal);
                    status = known ? JobStatusNames.Parse(value) : null;
                    return known ? null : $"{Quoted(value)} is not a status; choose one of {string.Join(", ", Statuses)}.";
                case "LIMIT":
                    var whole = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit);
                    return whole && limit is >= 1 and <= MaxLimit ? null : $"{Quoted(value)} is not a limit; choose a whole number from 1 to {MaxLimit}.";
                case "CURSOR":
                    var given = JobId.TryParse(value, out var id);
                    before = id;
                    return given ? null : $"{Quoted(value)} is not a cursor of this list; take it from the link to the next page.";
                case "CODE":
                    return null;
                default:
                    return $"There is no parameter {Quoted(name)}; known: type, status, limit, cursor.";
            }
        }
    }

    /// <summary>The query of the next page, after the page that ends with this job.</summary>
    public string After(JobId last)
    {
        var filters = (Type is null ? "" : $"type={Type}&") + (Status is { } status ? $"status={status.Name()}&" : "");
        return string.Create(CultureInfo.InvariantCulture, $"?{filters}limit={Limit}&cursor={last}");
    }

    private static string Quoted(string value) => $"'{JsonValue.Shorten(value, 60)}'";
}
