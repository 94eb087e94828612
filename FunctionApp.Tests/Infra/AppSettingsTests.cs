using System.Text.RegularExpressions;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Services;
using Slowlane.Telemetry;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>The settings that are deployed are those that the app reads, and those that the app reads are documented.</summary>
public sealed partial class AppSettingsTests
{
    private static readonly List<(string Key, string Value)> Deployed = BicepFile.Entries(BicepFile.At("modules/functionapp.bicep").Named("settings").Body, "properties");

    [Fact]
    public void DeployedSettings_AreReadByTheAppOrItsHostAndAccepted()
    {
        var read = ReadBy(Deployed.ToDictionary(setting => Colons(setting.Key), setting => Sample(setting.Value), StringComparer.OrdinalIgnoreCase));

        Assert.NotEmpty(Deployed);
        Assert.DoesNotContain(Deployed, setting => !AzureFacts.HostSettings.Contains(setting.Key) && !read.Contains(Colons(setting.Key)));
        Assert.DoesNotContain(Deployed, setting => AzureFacts.RefusedSettings.Any(refused => setting.Key.StartsWith(refused, StringComparison.Ordinal)));
    }

    [Fact]
    public void DeployedApp_ComesToStorageAndDatabaseWithItsIdentity()
    {
        var settings = Deployed.ToDictionary(setting => Colons(setting.Key), setting => Sample(setting.Value), StringComparer.OrdinalIgnoreCase);
        var options = SlowlaneOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        Assert.IsType<ManagedIdentityCredential>(options.Storage.Credential);
        Assert.NotNull(options.DatabaseIdentity);
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
    public void DeployedSettings_HoldNoSecret()
        => Assert.DoesNotContain(BicepFile.All, file => Secret().IsMatch(file.Text));

    private static HashSet<string> ReadBy(Dictionary<string, string?> settings)
    {
        var source = new Recording(settings);
        var configuration = new ConfigurationBuilder().Add(source).Build();
        _ = SlowlaneOptions.From(configuration);
        _ = TelemetrySettings.From(configuration);
        return source.Read;
    }

    private static string Colons(string key) => key.Replace("__", ":", StringComparison.Ordinal);

    /// <summary>What an expression may come to.</summary>
    private static string? Sample(string expression) => expression switch
    {
        ['\'', .. var literal, '\''] => Interpolation().Replace(literal, "11111111-2222-3333-4444-555555555555"),
        "identityClientId" => "11111111-2222-3333-4444-555555555555",
        "storageName" => "stsample",
        "databaseConnection" => Interpolation().Replace(BicepFile.Entries(BicepFile.At("main.bicep").Named("app").Body, "params")
            .Single(entry => entry.Key is "databaseConnection").Value.Trim('\''), "16"),
        "string(retentionDays)" => "7",
        _ => "text",
    };

    [GeneratedRegex(@"\$\{[^}]*\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"AccountKey=|Password=|SharedAccess|listKeys\(|@secure\(|InstrumentationKey=|[A-Za-z0-9+/]{60,}", RegexOptions.CultureInvariant, 1000)]
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
