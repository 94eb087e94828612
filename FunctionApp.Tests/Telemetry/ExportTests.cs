using System.Diagnostics;
using System.Text;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using Slowlane.Settings;
using Slowlane.Telemetry;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Telemetry;

public sealed class ExportTests
{
    private const string Client = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public async Task Collector_ThatASettingNames_ReceivesTracesMetricsAndLogs()
    {
        await using var collector = await Collector.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        using var type = new ScriptedJob(_ => throw new Slowlane.Jobs.JobException("no-way", "No way.", "There is no way."));
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        };
        await using var app = await SlowlaneApp.StartBesideAsync(
            database.ConnectionString, await TestServices.StorageAsync(), settings, services => type.Register(services));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs/scripted") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");

        using var response = await app.Client.SendAsync(request, Cancellation);
        var location = response.Headers.Location!.OriginalString;
        await app.FinishedAsync(location);

        await collector.ReceivesAsync("/v1/traces", Convert.FromHexString(trace));
        await collector.ReceivesAsync("/v1/metrics", "slowlane.queue.age"u8.ToArray());
        await collector.ReceivesAsync("/v1/logs", Encoding.UTF8.GetBytes($"Job {location[(location.LastIndexOf('/') + 1)..]} (scripted): failed at attempt 1: no-way"));
        await collector.ReceivesAsync("/v1/logs", "JobType"u8.ToArray());
    }

    [Fact]
    public async Task Collector_ThatIsAway_DelaysNobody()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var type = new ScriptedJob(_ => "done");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1", ["OTEL_BSP_SCHEDULE_DELAY"] = "10" };
        await using var app = await SlowlaneApp.StartBesideAsync(
            database.ConnectionString, await TestServices.StorageAsync(), settings, services => type.Register(services));

        var location = await app.SubmitAsync("scripted", "{}");

        Assert.Equal("succeeded", (await app.FinishedAsync(location)).GetProperty("status").GetString());
    }

    [Fact]
    public void Nothing_IsExportedUnlessASettingSaysWhere()
    {
        using var services = Services();

        Assert.NotNull(services.GetService<JobMetrics>());
        Assert.Null(services.GetService<TracerProvider>());
        Assert.Empty(services.GetServices<IHostedService>());
    }

    [Fact]
    public void ApplicationInsights_IsToldWhoWrites()
    {
        using var services = Services(
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-000000000001"), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", $"ClientId={Client};Authorization=AAD"));
        var options = services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;

        Assert.IsType<ManagedIdentityCredential>(options.Credential);
        Assert.False(options.EnableTraceBasedLogsSampler); // The alerts read lines of traces that are not kept, too.
        Assert.Equal("InstrumentationKey=00000000-0000-0000-0000-000000000001", options.ConnectionString); // So the exporter is there.
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", false)] // "Request starting … ?code=…".
    [InlineData("Slowlane.Http.JobApi", true)]
    public void Lines_OfARequestWithItsKey_AreNotExported(string category, bool exported)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information))
            .AddTelemetry(Settings(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"))).BuildServiceProvider();

        Assert.Equal(exported, services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Information));
    }

    [Theory]
    [InlineData("Authorization=AAD", true)]
    [InlineData("authorization=aad;clientid=" + Client, true)]
    [InlineData("ClientId=" + Client + "; Authorization=AAD;", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void AuthenticationString_NamesTheIdentity(string? text, bool identity)
        => Assert.Equal(identity, TelemetrySettings.From(Settings(("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", text))).Credential is ManagedIdentityCredential);

    [Theory]
    [InlineData("AAD")]
    [InlineData("ClientId=" + Client)]
    [InlineData("Authorization=AAD;ClientId=me")]
    [InlineData("Authorization=key")]
    public void AuthenticationString_ThatIsNone_IsRefusedWithTheRemedy(string text)
    {
        var refusal = Assert.Throws<SettingException>(() => TelemetrySettings.From(Settings(("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", text))));

        Assert.Contains("set it to Authorization=AAD", refusal.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings)
        => new ServiceCollection().AddSingleton<IConfiguration>(Settings(settings)).AddLogging().AddTelemetry(Settings(settings)).BuildServiceProvider();

    private static IConfigurationRoot Settings(params (string Key, string? Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();
}
