using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Slowlane;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSlowlane(builder.Configuration).AddJobTypes(builder.Configuration);
builder.Build().Run();
