using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Settings;
using Slowlane.LocalHost.Triggers;
using Xunit;

namespace Slowlane.Tests.LocalHost.Triggers;

[Trait("Category", "Fast")]
public sealed class ExtensionSettingsTests
{
    [Theory]
    [InlineData("queues:batchSize", "many", "choose a whole number")]
    [InlineData("queues:maxPollingInterval", "", "choose a time as hh:mm:ss, such as 00:00:30")]
    [InlineData("queues:messageEncoding", "utf-7", "choose one of None, Base64")]
    [InlineData("durableTask:maxConcurrentActivityFunctions", "1.5", "choose a whole number")]
    [InlineData("durableTask:extendedSessionsEnabled", "yes", "choose true or false")]
    [InlineData("durableTask:storageProvider:controlQueueVisibilityTimeout", "1 minute", "choose a time as hh:mm:ss, such as 00:00:30")]
    [InlineData("durableTask:storageProvider:type", "", "this host has AzureStorage alone, so choose that, or run the app with Core Tools")]
    [InlineData("durableTask:storageProvider:type", "mssql", "this host has AzureStorage alone, so choose that, or run the app with Core Tools")]
    [InlineData("durableTask:hubName", "my-hub", "choose 3 to 45 letters and digits, a letter first")]
    [InlineData("durableTask:hubName", "", "choose 3 to 45 letters and digits, a letter first")]
    [InlineData("durableTask:hubName", "1hub", "choose 3 to 45 letters and digits, a letter first")]
    public void Value_ThatAnExtensionWouldRefuse_IsNamedWithWhatIsAllowed(string setting, string value, string allowed)
        => Assert.Equal($"extensions.{setting.Replace(':', '.')} in host.json is \"{value}\": {allowed}.", Assert.Throws<CannotStartException>(() => Check(setting, value)).Message);

    [Theory]
    [InlineData("queues:visibilityTimeout", "00:00:10")]
    [InlineData("queues:messageEncoding", "none")]
    [InlineData("durableTask:storageProvider:type", "azureStorage")]
    [InlineData("durableTask:storageProvider:connectionName", "Other")]
    [InlineData("durableTask:hubName", "Hub7")]
    [InlineData("durableTask:hubName", "%HubName%")]
    public void Value_ThatAnExtensionTakes_IsTaken(string setting, string value) => Assert.Null(Record.Exception(() => Check(setting, value)));

    [Fact]
    public void HubName_ThatAnotherSettingHolds_IsJudgedByItsValue()
        => Assert.Contains("is \"a_hub\"", Assert.Throws<CannotStartException>(() => Check("durableTask:hubName", "%Bad%")).Message, StringComparison.Ordinal);

    private static void Check(string setting, string value)
    {
        var hostJson = Configuration(($"extensions:{setting}", value));
        ExtensionSettings.CheckQueues(hostJson);
        ExtensionSettings.CheckDurable(hostJson, Configuration(("HubName", "named"), ("Bad", "a_hub")));
    }

    private static IConfiguration Configuration(params (string Key, string? Value)[] values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, value.Value))).Build();
}
