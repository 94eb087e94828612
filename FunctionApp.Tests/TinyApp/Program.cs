using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TinyApp;

var builder = FunctionsApplication.CreateBuilder(args);
if (Environment.GetEnvironmentVariable("Tiny__Plain") is null)
{
    builder.ConfigureFunctionsWebApplication();
    builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
}

if (Environment.GetEnvironmentVariable("Tiny__Binding") is { } binding)
{
    builder.Services.AddSingleton<IFunctionMetadataProvider>(new StrangeFunctions(binding));
}

builder.Build().Run();
