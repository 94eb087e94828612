using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Slowlane.LocalHost.Services;
using Slowlane.Settings;
using Slowlane.Telemetry;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>The settings that are deployed are those that the app reads, and those that the app reads are documented.</summary>
public sealed partial class AppSettingsTests
{
    [Fact]
    public async Task DeployedSettings_AreReadByTheAppOrItsHostAndAccepted()
    {
        var deployed = await DeployedAsync();
        var read = ReadBy(deployed.ToDictionary(setting => Colons(setting.Key), setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase));

        Assert.NotEmpty(deployed);
        Assert.DoesNotContain(deployed.Keys, key => !AzureFacts.HostSettings.Contains(key) && !read.Contains(Colons(key)));
        Assert.DoesNotContain(deployed.Keys, key => AzureFacts.RefusedSettings.Any(refused => key.StartsWith(refused, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DeployedApp_ComesToStorageAndDatabaseWithItsIdentity()
    {
        var settings = (await DeployedAsync()).ToDictionary(setting => Colons(setting.Key), setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase);
        var options = SlowlaneOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        var connections = (await Compiled.InfraAsync()).Production.Parameter("connectionsPerInstance").GetInt32();

        Assert.IsType<ManagedIdentityCredential>(options.Storage.Credential);
        Assert.NotNull(options.DatabaseIdentity);
        Assert.Equal(connections, new NpgsqlConnectionStringBuilder(options.Database).MaxPoolSize);
    }

    [Fact]
    public void SettingsThatAreNotThere_HaveTheirDefaults()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Slowlane:Database"] = "Host=h" };
        var options = SlowlaneOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        Assert.Equal(new SlowlaneOptions { Storage = options.Storage, Database = "Host=h" }, options);
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromDays(7)), (options.Lease, options.Retention));
    }

    [Fact]
    public void SettingsThatTheAppReads_AreDocumented()
    {
        var documents = File.ReadAllText(Path.Combine(ProjectFolder.Root, "docs", "deploy.md")) + File.ReadAllText(Path.Combine(ProjectFolder.Root, "local.settings.sample.json"));
        var read = ReadBy(new(StringComparer.OrdinalIgnoreCase) { ["AzureWebJobsStorage:queueServiceUri"] = "https://q", ["AzureWebJobsStorage:blobServiceUri"] = "https://b", ["Slowlane:Database"] = "Host=h" });

        Assert.True(read.Count > 8, string.Join(' ', read));
        Assert.All(read, key => Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), documents, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsDeployed_HoldsNoSecret()
    {
        var infra = await Compiled.InfraAsync();

        Assert.All([infra.Template, infra.Development.Parameters, infra.Development.Snapshot, infra.Production.Parameters, infra.Production.Snapshot], json => Assert.Empty(Secret().Matches(ResourceId().Replace(json.GetRawText(), "")).Select(match => match.Value)));
    }

    /// <summary>The app settings of production.</summary>
    private static async Task<Dictionary<string, string>> DeployedAsync() => (await Compiled.InfraAsync()).Production.The("Microsoft.Web/sites/config")
        .At("properties").EnumerateObject().ToDictionary(setting => setting.Name, Value, StringComparer.Ordinal);

    private static string Value(JsonProperty setting)
        => (setting.Name is "APPLICATIONINSIGHTS_CONNECTION_STRING" ? "InstrumentationKey=" : "") + Sample(setting.Value.GetString()!);

    private static HashSet<string> ReadBy(Dictionary<string, string?> settings)
    {
        var source = new Recording(settings);
        var configuration = new ConfigurationBuilder().Add(source).Build();
        _ = SlowlaneOptions.From(configuration);
        _ = TelemetrySettings.From(configuration);
        return source.Read;
    }

    private static string Colons(string key) => key.Replace("__", ":", StringComparison.Ordinal);

    /// <summary>What a setting may come to: what only Azure knows, it is asked for by <c>reference</c>.</summary>
    private static string Sample(string setting)
    {
        if (setting is not ['[', .. var expression, ']'])
        {
            return setting;
        }

        var arguments = Argument().Matches(Reference().Replace(expression, "'11111111-2222-3333-4444-555555555555'")).Select(match => match.Value.Trim('\'')).ToArray<object?>();
        return string.Format(CultureInfo.InvariantCulture, (string)arguments[0]!, arguments.AsSpan(1)); // Of format(…), or of the one value alone.
    }

    [GeneratedRegex(@"reference\('[^']*', '[^']*'\)(\.\w+)+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"'[^']*'|\b\d+\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Argument();

    /// <summary>Longer than many a secret, and of the same characters.</summary>
    [GeneratedRegex(@"/subscriptions/[^""']*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ResourceId();

    [GeneratedRegex(@"(?i)AccountKey=|Password=|SharedAccess|listKeys\(|""secure(string|object)""|InstrumentationKey=|[A-Za-z0-9+/]{60,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Secret();

    /// <summary>Settings that note which of them are asked for.</summary>
    private sealed class Recording : ConfigurationProvider, IConfigurationSource
    {
        public Recording(Dictionary<string, string?> settings) => Data = settings;

        public HashSet<string> Read { get; } = new(StringComparer.OrdinalIgnoreCase);

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            Read.Add(key);
            return base.TryGet(key, out value);
        }
    }
}
