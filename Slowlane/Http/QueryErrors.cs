using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Slowlane.Http;

/// <summary>The errors of a query, by parameter. Pure.</summary>
internal static class QueryErrors
{
    /// <summary>Asks for the fault of each parameter, null if there is none.</summary>
    public static Dictionary<string, List<string>> Of(IQueryCollection query, Func<string, StringValues, string?> fault)
    {
        var errors = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in query)
        {
            if (fault(name, values) is { } sentence)
            {
                errors[name] = [sentence];
            }
        }

        return errors;
    }
}
