using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane;
using Slowlane.Http;

// Before anything else. An instance of Flex Consumption starts before it knows its app, in a folder of its own, and may leave the
// worker there. The app reads nothing by a relative path; a library that does finds the app's folder.
Directory.SetCurrentDirectory(AppContext.BaseDirectory);

var builder = FunctionsApplication.CreateBuilder(args);
builder.UseMiddleware<HungUpCallers>(); // Around what brings requests to functions, which fails too when they break off.
builder.ConfigureFunctionsWebApplication();
builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null); // The app says 413 itself; the server's own limit would end as an empty 500.
builder.Services.AddSlowlane(builder.Configuration).AddJobTypes(builder.Configuration);
builder.Build().Run();
