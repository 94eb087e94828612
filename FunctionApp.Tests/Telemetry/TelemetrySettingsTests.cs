using Microsoft.Extensions.Configuration;
using Slowlane.Settings;
using Slowlane.Telemetry;
using Xunit;

namespace Slowlane.Tests.Telemetry;

[Trait("Category", "Fast")]
public sealed class TelemetrySettingsTests
{
    private const string Collector = "http://localhost:4317";

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317", "is 'localhost:4317'; set it to the collector's address, such as http://localhost:4317.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://u:hidden@h", "can't be used; set it to the collector's address")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "nowhere", "is 'nowhere'; set it to the collector's address")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "is 'http/json'; choose grpc or http/protobuf.")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "GRPC", "is 'GRPC'; choose grpc or http/protobuf.")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "hidden", "can't be used; set it to name=value, with commas between.")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "is '10s'; choose a whole number of milliseconds from 1 to 2147483647.")]
    [InlineData("OTEL_TRACES_SAMPLER", "sometimes", "is 'sometimes'; choose one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio.")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "50%", "is '50%'; choose a number from 0 to 1, the share of traces that are kept.")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "NaN", "is 'NaN'; choose a number from 0 to 1")]
    [InlineData("OTEL_BSP_SCHEDULE_DELAY", "0", "is '0'; choose a whole number from 1 to 2147483647.")]
    public void SettingOfTheCollector_ThatCannotBeUsed_IsNamedWithTheRemedy(string name, string value, string fault)
    {
        var refusal = Assert.Throws<SettingException>(() => From(("OTEL_EXPORTER_OTLP_ENDPOINT", Collector), (name, value)));

        Assert.StartsWith($"The setting {name} {fault}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsOfTheCollector_ThatCanBeUsed_AreTaken()
        => Assert.True(From(("OTEL_EXPORTER_OTLP_ENDPOINT", Collector), ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a=b,other=c"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "10000")).ToOtlp);

    [Theory]
    [InlineData("hidden")]
    [InlineData("InstrumentationKey=")]
    [InlineData("InstrumentationKey=hidden")]
    [InlineData("IngestionEndpoint=https://hidden/")]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=nope")]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001;InstrumentationKey=1")]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001;EndpointSuffix=a b")]
    public void ConnectionStringOfApplicationInsights_ThatIsNone_IsNamedWithTheRemedyAndNotQuoted(string text)
    {
        var refusal = Assert.Throws<SettingException>(() => From(("APPLICATIONINSIGHTS_CONNECTION_STRING", text)));

        Assert.StartsWith("The setting APPLICATIONINSIGHTS_CONNECTION_STRING is no connection string of Application Insights; copy it from ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InstrumentationKey=11111111-2222-3333-4444-555555555555;IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/;LiveEndpoint=https://westeurope.livediagnostics.monitor.azure.com/;ApplicationId=1")]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001;EndpointSuffix=applicationinsights.azure.us")]
    public void ConnectionStringOfApplicationInsights_IsTaken(string text) => Assert.True(From(("APPLICATIONINSIGHTS_CONNECTION_STRING", text)).ToAzureMonitor);

    private static TelemetrySettings From(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        return TelemetrySettings.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
