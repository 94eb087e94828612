using System.Globalization;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Http;

/// <summary>The list of functions that a user of <c>func start</c> knows.</summary>
internal sealed class FunctionList(IReadOnlyList<FunctionEntry> functions, string prefix)
{
    public string Describe(Uri address)
    {
        var text = new StringBuilder().AppendLine().AppendLine("Functions:");
        var width = functions.Max(static function => function.Name.Length) + 1;
        foreach (var function in functions)
        {
            text.Append("  ").Append((function.Name + ":").PadRight(width)).Append(' ').AppendLine(Where(function, address));
        }

        return text.ToString();
    }

    private string Where(FunctionEntry function, Uri address) => function.Trigger is HttpTriggerAttribute http
        ? string.Create(CultureInfo.InvariantCulture, $"{Methods(http)} http://localhost:{address.Port}/{RoutePrefix.Join(prefix, HttpRoute.OwnTemplate(function))}")
        : function.TriggerType;

    private static string Methods(HttpTriggerAttribute http)
        => $"[{(http.Methods is { Length: > 0 } methods ? string.Join(',', methods).ToUpperInvariant() : "ANY")}]".PadRight("[POST]".Length);
}
