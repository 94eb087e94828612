using System.Text.Json;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.App;

/// <summary>The key that a function requires.</summary>
internal enum AuthorizationLevel
{
    Anonymous,
    Function,
    Admin,
}

/// <summary>The HTTP trigger of a function.</summary>
/// <param name="Template">The route without the prefix. By default, the name of the function.</param>
/// <param name="Methods">The methods that the function accepts. Empty for all methods.</param>
/// <param name="Level">The required key.</param>
internal sealed record HttpTrigger(string Template, IReadOnlyList<string> Methods, AuthorizationLevel Level)
{
    public static HttpTrigger Of(FunctionDefinition function)
    {
        var binding = function.Trigger;
        var methods = binding.Values.TryGetProperty("methods", out var named) && named.ValueKind is JsonValueKind.Array
            ? named.EnumerateArray().Select(method => method.GetString() ?? "").ToList()
            : [];
        return new HttpTrigger((binding["route"] ?? function.Name).TrimStart('/'), methods, LevelOf(function, binding["authLevel"] ?? "Function"));
    }

    /// <summary>Whether the function accepts this method. GET does not imply HEAD.</summary>
    public bool Answers(string method) => Methods.Count == 0 || Methods.Contains(method, StringComparer.OrdinalIgnoreCase);

    private static AuthorizationLevel LevelOf(FunctionDefinition function, string level) => level.ToUpperInvariant() switch
    {
        "ANONYMOUS" => AuthorizationLevel.Anonymous,
        "FUNCTION" => AuthorizationLevel.Function,
        "ADMIN" => AuthorizationLevel.Admin,
        _ => throw CannotStartException.Usage($"The function {function.Name} has the authorization level \"{level}\": choose Anonymous, Function or Admin."),
    };
}
