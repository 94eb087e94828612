using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.Http;
using Slowlane.Settings;

namespace Slowlane;

/// <summary>The start of an app with jobs.</summary>
public static class SlowlaneApplication
{
    /// <summary>A builder of an Azure Functions app with all that Slowlane brings. Add job types to its services, build it and run it.</summary>
    /// <param name="args">The program's arguments, which the Functions host gives it.</param>
    /// <exception cref="SettingException">A setting is missing or can't be used. The message names it, its bounds and the remedy.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        SettingsFailure.EndsTheProcess();
        ProxyBypass.ExcludeLoopback();

        // An instance of Flex Consumption starts before it knows its app, in a folder of its own, and may leave the worker
        // there. Nothing here is read by a relative path; a library that does so finds the app's folder.
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);

        var builder = FunctionsApplication.CreateBuilder(args);
        builder.UseMiddleware<CallerDisconnectMiddleware>(); // Around what brings requests to functions, which fails too when they break off.
        builder.ConfigureFunctionsWebApplication();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null); // The app says 413 itself; the server's own limit would end as an empty 500.
        builder.Services.AddSlowlane(builder.Configuration);
        return builder;
    }
}
