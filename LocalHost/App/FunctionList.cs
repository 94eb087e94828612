using System.Globalization;
using System.Text;

namespace Slowlane.LocalHost.App;

/// <summary>Prints the functions in the form that <c>func start</c> uses.</summary>
internal static class FunctionList
{
    /// <param name="functions">The functions that run in this host.</param>
    /// <param name="prefix">The prefix of HTTP routes.</param>
    /// <param name="port">The HTTP port.</param>
    public static string Describe(IReadOnlyList<FunctionDefinition> functions, string prefix, int port)
    {
        var text = new StringBuilder().AppendLine().AppendLine("Functions:");
        var width = functions.Max(static function => function.Name.Length) + 1;
        foreach (var function in functions)
        {
            text.Append("  ").Append((function.Name + ":").PadRight(width)).Append(' ').AppendLine(Where(function, prefix, port));
        }

        return text.ToString();
    }

    private static string Where(FunctionDefinition function, string prefix, int port)
    {
        if (!function.IsHttp)
        {
            return function.Trigger.Type;
        }

        var trigger = HttpTrigger.Of(function);
        var methods = $"[{(trigger.Methods.Count > 0 ? string.Join(',', trigger.Methods).ToUpperInvariant() : "ANY")}]".PadRight("[POST]".Length);
        return string.Create(CultureInfo.InvariantCulture, $"{methods} http://localhost:{port}/{RoutePrefix.Join(prefix, trigger.Template)}");
    }
}
