using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Processes;
using Xunit;

namespace Slowlane.Tests.LocalHost.Worker;

/// <summary>An app of a test's own: its functions, its settings, a free port.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly IHost _host;

    private TestApp(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public HttpClient Client() => new() { BaseAddress = _host.Services.GetRequiredService<BoundAddress>().Uri };

    public static async Task<TestApp> StartAsync(IReadOnlyCollection<Type> functions, IReadOnlyDictionary<string, string?>? settings = null, LocalHostOptions? options = null, Action<FunctionsApplicationBuilder>? compose = null)
    {
        var app = new TestApp(Build(functions, settings, options, compose));
        await app._host.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    public static IHost Build(IReadOnlyCollection<Type> functions, IReadOnlyDictionary<string, string?>? settings = null, LocalHostOptions? options = null, Action<FunctionsApplicationBuilder>? compose = null)
    {
        var launch = new Launch((options ?? new LocalHostOptions()) with { Port = 0 }, settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        var builder = FunctionsApplication.CreateBuilder(launch, functions);
        builder.ConfigureFunctionsWebApplication();
        compose?.Invoke(builder);
        return builder.Build();
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
