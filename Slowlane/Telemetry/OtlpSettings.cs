using System.Globalization;
using Microsoft.Extensions.Configuration;
using Slowlane.Settings;

namespace Slowlane.Telemetry;

/// <summary>OpenTelemetry's settings of its exporter. OpenTelemetry itself would ignore most wrong values, and then nothing arrives.</summary>
internal static class OtlpSettings
{
    private const string Exporter = "OTEL_EXPORTER_OTLP_";
    private const string Endpoint = Exporter + "ENDPOINT";

    private static readonly string[] Signals = ["", "TRACES_", "METRICS_", "LOGS_"];
    private static readonly string[] Samplers = ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];
    private static readonly string[] Intervals =
    [
        "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT",
        "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
        "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BLRP_EXPORT_TIMEOUT", "OTEL_BLRP_MAX_QUEUE_SIZE", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
    ];

    /// <summary>Whether a collector is named. If so, all settings of the exporter are checked.</summary>
    /// <exception cref="SettingException">A value can't be used. The message names it and the remedy, and quotes no header.</exception>
    public static bool AreSet(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 })
        {
            return false;
        }

        foreach (var signal in Signals)
        {
            Require(configuration, $"{Exporter}{signal}ENDPOINT", IsAddress, "set it to the collector's address, such as http://localhost:4317");
            Require(configuration, $"{Exporter}{signal}PROTOCOL", static text => text is "grpc" or "http/protobuf", "choose grpc or http/protobuf");
            Require(configuration, $"{Exporter}{signal}HEADERS", AreHeaders, "set it to name=value, with commas between", isSecret: true);
            Require(configuration, $"{Exporter}{signal}TIMEOUT", IsCount, "choose a whole number of milliseconds from 1 to 2147483647");
        }

        foreach (var interval in Intervals)
        {
            Require(configuration, interval, IsCount, "choose a whole number from 1 to 2147483647");
        }

        Require(configuration, "OTEL_TRACES_SAMPLER", static text => Samplers.Contains(text), $"choose one of {string.Join(", ", Samplers)}");
        Require(configuration, "OTEL_TRACES_SAMPLER_ARG", IsShare, "choose a number from 0 to 1, the share of traces that are kept");
        return true;
    }

    private static void Require(IConfiguration configuration, string name, Predicate<string> isUsable, string remedy, bool isSecret = false)
    {
        if (configuration[name] is { Length: > 0 } text && !isUsable(text))
        {
            // An address may have a password before its host.
            throw new SettingException($"The setting {name} {(isSecret || text.Contains('@', StringComparison.Ordinal) ? "can't be used" : $"is '{text}'")}; {remedy}.");
        }
    }

    private static bool IsAddress(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static bool AreHeaders(string text)
        => text.Split(',', StringSplitOptions.RemoveEmptyEntries).All(static header => header.IndexOf('=', StringComparison.Ordinal) > 0);

    private static bool IsShare(string text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1;

    private static bool IsCount(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
}
