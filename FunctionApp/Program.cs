using Microsoft.Extensions.Hosting;
using Slowlane;

var builder = SlowlaneApplication.CreateBuilder(args);
builder.Services.AddJobTypes(builder.Configuration);
builder.Build().Run();
