using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Maintenance;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Tests.Fixtures;

/// <summary>Composes the app without the Functions worker, which keeps its host's address in a static: here there are many apps in a process.</summary>
internal static class AppInProcess
{
    /// <param name="settings">The app's, by their names in the environment.</param>
    /// <param name="queues">Whether it takes messages, and not HTTP requests alone.</param>
    /// <param name="types">Adds job types, or replaces services.</param>
    public static WebApplication Build(IReadOnlyDictionary<string, string> settings, bool queues, Action<IServiceCollection>? types)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting
            => KeyValuePair.Create(setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSlowlane(builder.Configuration).AddJobTypes(builder.Configuration);
        if (queues)
        {
            AddQueues(builder.Services, builder.Configuration);
        }

        types?.Invoke(builder.Services);
        var app = builder.Build();
        FunctionRoutes.Map(app, app.Lifetime.ApplicationStopping);
        return app;
    }

    private static void AddQueues(IServiceCollection services, ConfigurationManager settings)
    {
        var storage = settings["AzureWebJobsStorage"]!;
        var hostJson = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json"))
            .AddConfiguration(settings.GetSection("AzureFunctionsJobHost"))
            .Build();
        services.AddSingleton(provider => new InProcessPartitionRuns(
            provider.GetRequiredService<PartitionRunner>(), hostJson.GetValue<int>("extensions:durableTask:maxConcurrentActivityFunctions")));
        services.AddHostedService(provider => provider.GetRequiredService<InProcessPartitionRuns>());
        services.AddSingleton<IHostedService>(provider => new QueuePump(
            storage, JobQueue.Name + "-poison", poison: null, atOnce: 1, hostJson, provider.GetRequiredService<PoisonRecorder>().RecordAsync));
        services.AddSingleton<IHostedService>(provider =>
        {
            var (runner, parts) = (provider.GetRequiredService<JobRunner>(), provider.GetRequiredService<InProcessPartitionRuns>());
            return new QueuePump(
                storage, JobQueue.Name, JobQueue.Name + "-poison", provider.GetRequiredService<SlowlaneOptions>().Lanes, hostJson, (message, stopping) => runner.RunAsync(message, parts, stopping));
        });
    }
}
