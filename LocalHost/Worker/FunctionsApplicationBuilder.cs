using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Worker;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Composes a functions app: settings, services, middleware. Every role is the same kind of host; <see cref="Build"/> adds the listeners its role has.</summary>
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly Launch _launch;
    private readonly IReadOnlyList<FunctionEntry> _functions;
    private readonly HostApplicationBuilder _host;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];
    private bool _built;

    internal FunctionsApplicationBuilder(Launch launch, IReadOnlyList<FunctionEntry> functions)
    {
        _launch = launch;
        _functions = functions;
        var configuration = LaunchConfiguration.Create(launch);
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true, // Files watched for changes, event logs: nothing a functions app reads, and a slower start.
            Configuration = configuration,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = configuration["AZURE_FUNCTIONS_ENVIRONMENT"] ?? Environments.Development,
        });
        HostJson = LaunchConfiguration.HostJson(AppContext.BaseDirectory, configuration);
        ConsoleLog.Add(_host.Logging, HostJson, launch.Options.Verbose);
    }

    /// <inheritdoc/>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_host).Properties;

    /// <summary>The app's settings: environment variables, then what the launch brought along.</summary>
    public ConfigurationManager Configuration => _host.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => _host.Configuration;

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public ILoggingBuilder Logging => _host.Logging;

    /// <inheritdoc/>
    public IMetricsBuilder Metrics => _host.Metrics;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services => _host.Services;

    /// <summary>host.json, under the <c>AzureFunctionsJobHost</c> settings that override it.</summary>
    internal IConfiguration HostJson { get; }

    /// <summary>Whether the app asked for ASP.NET Core's request and result types.</summary>
    internal bool WebApplication { get; set; }

    /// <summary>Checks the functions, adds the listeners of this role and makes the host.</summary>
    /// <exception cref="InvalidOperationException">A function, a route or a value of host.json can't be used; or a second call.</exception>
    public IHost Build()
    {
        if (_built)
        {
            throw new InvalidOperationException("The app is built already; make another builder for another app.");
        }

        _built = true;
        _launch.Configure?.Invoke(Services);
        Listeners.Add(this, _functions, _launch.Options, Pipeline());
        return _host.Build();
    }

    /// <inheritdoc/>
    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull
        => _host.ConfigureContainer(factory, configure);

    /// <inheritdoc/>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>The middleware, the first added outermost, around the function itself.</summary>
    private FunctionExecutionDelegate Pipeline()
    {
        FunctionExecutionDelegate pipeline = static context => ((Invocation)context).CallAsync();
        return Enumerable.Reverse(_middleware).Aggregate(pipeline, static (next, middleware) => middleware(next));
    }
}
