using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Slowlane;

// Before anything else. An instance of Flex Consumption starts before it knows its app, in a folder of its own, and may leave the
// worker there. The app reads nothing by a relative path; a library that does finds the app's folder.
Directory.SetCurrentDirectory(AppContext.BaseDirectory);

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSlowlane(builder.Configuration).AddJobTypes(builder.Configuration);
builder.Build().Run();
