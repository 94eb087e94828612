using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Slowlane;
using Slowlane.Jobs;
using Slowlane.Jobs.Profiling;
using Slowlane.Jobs.Spin;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSlowlane(builder.Configuration);

builder.Services.AddJob("profile", new ProfileJob(), ProfileJson.Default.ProfileReport, ProfileJob.Options);
if (SlowlaneOptions.From(builder.Configuration).Samples)
{
    builder.Services.AddJob("spin", new SpinJob(), SpinJson.Default.SpinResult, SpinJob.Options);
}

builder.Build().Run();
