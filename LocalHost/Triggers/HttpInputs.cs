using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Workers.Protocol;

namespace Slowlane.LocalHost.Triggers;

/// <summary>What HTTP functions are given beside their requests. The SDK binds it once: it is the same for each request.</summary>
internal sealed class HttpInputs
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ParameterBinding>> _bound = new(StringComparer.Ordinal);

    /// <summary>Has the SDK bind the inputs of all HTTP functions.</summary>
    public static async Task BindAsync(IHost triggers, IEnumerable<FunctionDefinition> functions, CancellationToken cancellationToken)
    {
        foreach (var function in functions.Where(function => function.IsHttp))
        {
            await triggers.Services.GetRequiredService<IJobHost>().CallAsync(function.Name, new Dictionary<string, object>(StringComparer.Ordinal), cancellationToken);
        }
    }

    public void Add(FunctionDefinition function, IReadOnlyList<ParameterBinding> inputs) => _bound[function.Name] = inputs;

    public IReadOnlyList<ParameterBinding> Of(FunctionDefinition function) => _bound.GetValueOrDefault(function.Name, []);
}
