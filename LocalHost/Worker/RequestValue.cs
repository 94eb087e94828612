using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Slowlane.LocalHost.Worker;

/// <summary>A parameter of an HTTP function that is filled by its name: from the route, else from the query.</summary>
internal static class RequestValue
{
    private static readonly FrozenDictionary<Type, Func<string, object>> Converters = new Dictionary<Type, Func<string, object>>
    {
        [typeof(string)] = static text => text,
        [typeof(Guid)] = static text => Guid.Parse(text, CultureInfo.InvariantCulture),
        [typeof(int)] = static text => int.Parse(text, CultureInfo.InvariantCulture),
        [typeof(long)] = static text => long.Parse(text, CultureInfo.InvariantCulture),
    }.ToFrozenDictionary();

    /// <summary>Where the parameter's value comes from.</summary>
    /// <exception cref="InvalidOperationException">Text can't be made into its type.</exception>
    public static Func<Invocation, object?> Source(string function, ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (!Converters.TryGetValue(type, out var convert))
        {
            throw ParameterPlan.Unsupported(function, parameter, "string, Guid, int, long, FunctionContext, CancellationToken");
        }

        var name = parameter.Name!;
        var absent = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        var required = !parameter.HasDefaultValue && parameter.ParameterType.IsValueType && type == parameter.ParameterType;
        return invocation =>
        {
            var text = Read(((HttpContext)invocation.Trigger).Request, name);
            return text is not null ? Convert(text, convert, function, name)
                : !required ? absent
                : throw new InvalidOperationException($"Function '{function}' got no value for its parameter '{name}'.");
        };
    }

    /// <summary>The route's value, else the query's. An optional route segment that is absent hides a query value of its name, and <c>code</c> is the key's.</summary>
    private static string? Read(HttpRequest request, string name)
        => request.RouteValues.TryGetValue(name, out var value) ? value as string
            : string.Equals(name, "code", StringComparison.OrdinalIgnoreCase) ? null
            : (string?)request.Query[name];

    private static object Convert(string text, Func<string, object> convert, string function, string name)
    {
        try
        {
            return convert(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new InvalidOperationException($"Function '{function}' can't read its parameter '{name}' from '{text}'.", exception);
        }
    }
}
