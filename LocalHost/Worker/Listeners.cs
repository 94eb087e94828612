using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Durable;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Queues;
using Slowlane.LocalHost.Timers;

namespace Slowlane.LocalHost.Worker;

/// <summary>Adds the listeners of a process's role. Every function is checked in every role: what one role refuses, none starts with.</summary>
internal static class Listeners
{
    /// <exception cref="InvalidOperationException">A function, a route or a value of host.json can't be used.</exception>
    public static void Add(FunctionsApplicationBuilder builder, IReadOnlyList<FunctionEntry> functions, LocalHostOptions options, FunctionExecutionDelegate pipeline)
    {
        var calls = functions.Select(static function => new FunctionCall(function)).ToList();
        var http = Of<HttpTriggerAttribute>(calls);
        var prefix = RoutePrefix.Read(builder.HostJson);
        var routes = RouteTable.Create([.. http.Select(static call => call.Function)], prefix);
        var queues = Of<QueueTriggerAttribute>(calls).Select(call => (Call: call, Source: QueueSource.Read(call.Function, builder.Configuration))).ToList();
        var queueOptions = QueueOptions.Read(builder.HostJson);
        var timers = Of<TimerTriggerAttribute>(calls).Select(call => (Call: call, Schedule: TimerSchedule.Read(call.Function, builder.Configuration))).ToList();
        if (http.Count > 0 && !builder.WebApplication)
        {
            throw new InvalidOperationException("The app has HTTP functions but never calls builder.ConfigureFunctionsWebApplication(); call it before Build().");
        }

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(queueOptions);
        services.TryAddSingleton<QueueOutage>();
        services.TryAddSingleton<QueueBell>();
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = QueueListener.DrainLimit + TimeSpan.FromSeconds(5));

        var parts = RoleParts.Of(options);
        if (parts.HttpAndTimers)
        {
            var keys = options.EnableAuth ? FunctionKeys.Open(builder.Configuration) : null;
            services.AddSingleton<BoundAddress>();
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<HttpFront>(
                provider,
                options,
                new HttpDispatcher(routes, http.ToDictionary(static call => call.Function, call => Runner(call, provider)), keys, provider),
                new FunctionList(functions, prefix)));
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<TimerListeners>(
                provider,
                (IReadOnlyList<TimerListener>)[.. timers.Select(timer => ActivatorUtilities.CreateInstance<TimerListener>(provider, Runner(timer.Call, provider), timer.Schedule))]));
        }

        if (parts.Queues)
        {
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<QueueListeners>(
                provider,
                (IReadOnlyList<QueueListener>)[.. queues.Select(queue => ActivatorUtilities.CreateInstance<QueueListener>(provider, Runner(queue.Call, provider), queue.Source))]));
        }

        DurableServices.Add(builder, calls, parts.Queues, Runner);

        FunctionRunner Runner(FunctionCall call, IServiceProvider provider) => new(call, pipeline, provider, provider.GetRequiredService<TimeProvider>());
    }

    private static List<FunctionCall> Of<TTrigger>(IEnumerable<FunctionCall> calls)
        => [.. calls.Where(static call => call.Function.Trigger is TTrigger)];
}
