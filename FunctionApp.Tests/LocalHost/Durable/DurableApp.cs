using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.LocalHost.Durable;
using Slowlane.LocalHost.Processes;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Durable;

/// <summary>One process of an app with durable functions, in this process; several share a database.</summary>
internal sealed class DurableApp : IAsyncDisposable
{
    /// <summary>Takes one thing and is never heard of again, as a process that was killed: what it took is free after a second.</summary>
    public static readonly DurableOptions Dying = new()
    {
        Lease = TimeSpan.FromSeconds(1),
        Renewal = TimeSpan.FromHours(1),
        MaxConcurrentActivityFunctions = 1,
        MaxConcurrentOrchestratorFunctions = 1,
    };

    private readonly TestApp _app;

    private DurableApp(TestApp app) => _app = app;

    public DurableTaskClient Client => _app.Services.GetRequiredService<LocalDurableClient>();

    public HttpClient Http() => _app.Client();

    /// <param name="database">Where the history is.</param>
    /// <param name="functions">The app's functions.</param>
    /// <param name="signals">What test and functions share.</param>
    /// <param name="options">Settings of host.json, and leases.</param>
    /// <param name="role">The process's part.</param>
    public static async Task<DurableApp> StartAsync(TestDatabase database, Type functions, Signals signals, DurableOptions? options = null, LocalRole role = LocalRole.Worker)
        => new(await TestApp.StartAsync(
            [functions],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Slowlane:Database"] = database.ConnectionString },
            new LocalHostOptions { Role = role, Workers = 0 },
            builder => builder.Services.AddSingleton(signals).AddSingleton(options ?? new DurableOptions())));

    /// <summary>Runs an orchestration to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, TestContext.Current.CancellationToken);
        return await EndOfAsync(id);
    }

    public Task<OrchestrationMetadata> EndOfAsync(string id)
        => Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
