using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Slowlane.LocalHost.Worker;

/// <summary>Finds the functions of an app and refuses what the real host refuses.</summary>
internal static partial class FunctionCatalog
{
    /// <summary>The functions of <paramref name="classes"/> in name order, the order in which routes are tried.</summary>
    /// <exception cref="InvalidOperationException">A function can't be used.</exception>
    public static IReadOnlyList<FunctionEntry> Read(IEnumerable<Type> classes)
    {
        var functions = classes
            .Where(static type => type is { IsClass: true, IsPublic: true } or { IsClass: true, IsNestedPublic: true })
            .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(static method => (Method: method, Attribute: method.GetCustomAttribute<FunctionAttribute>()))
            .Where(static found => found.Attribute is not null)
            .Select(static found => Describe(found.Attribute!.Name, found.Method))
            .OrderBy(static function => function.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();

        for (var i = 1; i < functions.Count; i++)
        {
            if (string.Equals(functions[i].Name, functions[i - 1].Name, StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"Two functions are named '{functions[i].Name}': {functions[i - 1].EntryPoint} and {functions[i].EntryPoint}. Names are unique whatever their case; rename one.");
            }
        }

        return functions;
    }

    private static FunctionEntry Describe(string name, MethodInfo method)
    {
        if (!NamePattern().IsMatch(name) || string.Equals(name, "host", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"'{name}' can't be a function's name: begin with a letter, go on with at most 127 letters, digits, '_' or '-', and don't take 'host'.");
        }

        var triggers = method.GetParameters()
            .Select(static parameter => (Parameter: parameter, Trigger: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(static found => found.Trigger is not null)
            .ToList();
        return triggers.Count == 1
            ? new FunctionEntry(name, method, triggers[0].Parameter, triggers[0].Trigger!)
            : throw new InvalidOperationException($"Function '{name}' has {triggers.Count} triggers; give exactly one of its parameters a trigger attribute.");
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_\-]{0,127}\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
