using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slowlane.LocalHost.Durable.Storage;
using Slowlane.LocalHost.Durable.Work;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Durable;

/// <summary>Adds orchestrations to an app that has any: the client in every role, the listeners where queue functions run.</summary>
internal static class DurableServices
{
    /// <exception cref="InvalidOperationException">A value of host.json can't be used, or the database is not set.</exception>
    public static void Add(FunctionsApplicationBuilder builder, IReadOnlyList<FunctionCall> calls, bool listen, Func<FunctionCall, IServiceProvider, FunctionRunner> runner)
    {
        var options = DurableOptions.Read(builder.HostJson, builder.Configuration);
        if (!calls.Any(static call => IsDurable(call.Function)))
        {
            return;
        }

        var connection = builder.Configuration[Connections.Database] is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException($"The app has durable functions, which need the setting '{Connections.Database}' with a connection string of PostgreSQL; set it.");
        var services = builder.Services;
        services.Configure<JsonSerializerOptions>(static json => json.PropertyNameCaseInsensitive = true);
        services.TryAddSingleton(options);
        services.AddSingleton<DataConverter, JsonConverter>();
        services.AddSingleton(_ => new DurableDatabase(connection));
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<LocalDurableClient>();
        if (listen)
        {
            AddListeners(services, [.. calls.Where(static call => call.Function.Trigger is OrchestrationTriggerAttribute or ActivityTriggerAttribute)], runner);
        }
    }

    private static void AddListeners(IServiceCollection services, IReadOnlyList<FunctionCall> calls, Func<FunctionCall, IServiceProvider, FunctionRunner> runner)
    {
        services.AddSingleton(provider => new DurableFunctions(calls.Select(call => runner(call, provider))));
        services.AddSingleton<Bell>().AddSingleton<BellRinger>().AddSingleton<DurableOutage>().AddSingleton<Retention>();
        services.AddSingleton<EpisodeStore>().AddSingleton<IWorkSource<EpisodeWork>, EpisodeWorker>().AddSingleton<WorkLoop<EpisodeWork>>();
        services.AddSingleton<ActivityStore>().AddSingleton<IWorkSource<ActivityWork>, ActivityWorker>().AddSingleton<WorkLoop<ActivityWork>>();
        services.AddHostedService<DurableListeners>();
    }

    private static bool IsDurable(FunctionEntry function) => function.Trigger is OrchestrationTriggerAttribute or ActivityTriggerAttribute
        || function.Method.GetParameters().Any(static parameter => parameter.IsDefined(typeof(DurableClientAttribute)));
}
