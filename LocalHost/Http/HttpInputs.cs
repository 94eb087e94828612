using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Protocol;

namespace Slowlane.LocalHost.Http;

/// <summary>The inputs of HTTP functions besides the request. They are the same for every request, so the SDK binds them once.</summary>
internal sealed class HttpInputs
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ParameterBinding>> _bound = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets the SDK bind the inputs of all HTTP functions.</summary>
    public async Task BindAsync(IHost triggers, IEnumerable<FunctionDefinition> functions, CancellationToken cancellationToken)
    {
        foreach (var function in functions.Where(function => function.IsHttp))
        {
            await triggers.Services.GetRequiredService<IJobHost>().CallAsync(function.Name, new Dictionary<string, object>(StringComparer.Ordinal), cancellationToken);
        }

        _all.TrySetResult();
    }

    public void Add(FunctionDefinition function, IReadOnlyList<ParameterBinding> inputs) => _bound[function.Name] = inputs;

    /// <summary>The inputs of a function, after they are bound.</summary>
    public async ValueTask<IReadOnlyList<ParameterBinding>> OfAsync(FunctionDefinition function, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (function.Inputs.Count == 0)
        {
            return [];
        }

        await _all.Task.WaitAsync(limit, cancellationToken);
        return _bound[function.Name];
    }
}
