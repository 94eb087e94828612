using System.Runtime.ExceptionServices;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Triggers;

/// <summary>The WebJobs SDK with the platform's own extensions. It polls queues, runs timers and orchestrations, and starts functions.</summary>
internal static class JobHost
{
    /// <summary>Creates the WebJobs host for the triggers of these functions.</summary>
    /// <exception cref="CannotStartException">An extension refuses host.json.</exception>
    public static IHost Create(IReadOnlyList<FunctionDefinition> functions, TriggerInvoker invoker, AppFolder app, IConfiguration settings, IConfiguration hostJson, Action<Exception> failed, ILoggerFactory loggers)
    {
        var methods = TriggerMethods.Create(functions, invoker.InvokeAsync);
        return new HostBuilder()
            .ConfigureAppConfiguration(configuration => configuration
                .AddConfiguration(settings)
                .AddInMemoryCollection(HostJson.AsSettings(hostJson))
                .AddInMemoryCollection([KeyValuePair.Create("AzureWebJobsConfigurationSection", (string?)HostJson.Section)]))
            .ConfigureWebJobs(webJobs => Add(webJobs, functions, settings, hostJson))
            .ConfigureServices(services => services
                .Replace(ServiceDescriptor.Singleton(loggers))
                .Replace(ServiceDescriptor.Singleton<IWebJobsExceptionHandler>(new ListenerFailures(failed)))
                .Replace(ServiceDescriptor.Singleton<IHostIdProvider>(new AppHostId(app.Location)))
                .Replace(ServiceDescriptor.Singleton<ITypeLocator>(new Methods(methods)))
                .Replace(ServiceDescriptor.Singleton<IHostLifetime>(new NoLifetime())))
            .Build();
    }

    private static void Add(IWebJobsBuilder webJobs, IReadOnlyList<FunctionDefinition> functions, IConfiguration settings, IConfiguration hostJson)
    {
        webJobs.AddAzureStorageCoreServices();
        webJobs.Services.Configure<SingletonOptions>(locks =>
        {
            // As on the platform: after a host is killed, its timers go on when its lock has expired.
            locks.ListenerLockPeriod = TimeSpan.FromSeconds(15);
            locks.ListenerLockRecoveryPollingInterval = TimeSpan.FromSeconds(15);
        });
        if (Has("queueTrigger"))
        {
            ExtensionSettings.CheckQueues(hostJson);
            webJobs.AddAzureStorageQueues();
        }

        if (Has("timerTrigger"))
        {
            webJobs.AddTimers();
            webJobs.Services.Replace(ServiceDescriptor.Singleton<ScheduleMonitor, BlobScheduleMonitor>());
        }

        if (Has("orchestrationTrigger") || functions.Any(function => function.Inputs.Any(input => input.Is("durableClient"))))
        {
            ExtensionSettings.CheckDurable(hostJson, settings);
            webJobs.AddDurableTask();
#pragma warning disable CS0618 // The platform's own hosts implement it.
            webJobs.Services.AddSingleton<IWebHookProvider>(new NoWebHooks());
#pragma warning restore CS0618
        }

        bool Has(string trigger) => functions.Any(function => function.Trigger.Is(trigger));
    }

    /// <summary>Replaces the SDK's handler, which ends the process.</summary>
    private sealed class ListenerFailures(Action<Exception> failed) : IWebJobsExceptionHandler
    {
        public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod) => OnUnhandledExceptionAsync(exceptionInfo);

        public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
        {
            failed(exceptionInfo.SourceException);
            return Task.CompletedTask;
        }
    }

    private sealed class Methods(Type type) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => [type];
    }

    /// <summary>The client binding requires an address for external calls. No component uses it here: workers use the extension's own gRPC port.</summary>
#pragma warning disable CS0618
    private sealed class NoWebHooks : IWebHookProvider
#pragma warning restore CS0618
    {
        public Uri GetUrl(IExtensionConfigProvider extension) => new("http://127.0.0.1/runtime/webhooks/durabletask");
    }

    /// <summary>Disables the SDK's lifetime, because this process already has one.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
