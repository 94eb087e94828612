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
        foreach (var function in functions)
        {
            text.AppendLine().Append(' ', 8).Append(function.Name).Append(": ");
            if (function.Trigger is HttpTriggerAttribute http)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{(http.Methods is { Length: > 0 } methods ? string.Join(',', methods).ToUpperInvariant() : "ANY")}] ")
                    .Append(CultureInfo.InvariantCulture, $"http://localhost:{address.Port}/{RoutePrefix.Join(prefix, HttpRoute.OwnTemplate(function))}");
            }
            else
            {
                text.Append(function.TriggerType);
            }

            text.AppendLine();
        }

        return text.ToString();
    }
}
