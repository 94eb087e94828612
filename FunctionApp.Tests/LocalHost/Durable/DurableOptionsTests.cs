using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Durable;
using Xunit;

namespace Slowlane.Tests.LocalHost.Durable;

public sealed class DurableOptionsTests
{
    [Fact]
    public void Read_TakesTheHostJson_ExpandsTheHub_AndPassesOverWhatMeansNothingHere()
    {
        var options = Read(("hubName", "%Hub%"), ("maxConcurrentActivityFunctions", "3"), ("maxConcurrentOrchestratorFunctions", "4"), ("storageProvider:type", "AzureStorage"));

        Assert.Equal(("Parts", 3, 4), (options.HubName, options.MaxConcurrentActivityFunctions, options.MaxConcurrentOrchestratorFunctions));
    }

    [Fact]
    public void Read_OfNothing_IsTheOfficialDefault()
    {
        var options = Read();

        var tenACore = 10 * Environment.ProcessorCount;
        Assert.Equal(("TestHubName", tenACore, tenACore), (options.HubName, options.MaxConcurrentActivityFunctions, options.MaxConcurrentOrchestratorFunctions));
    }

    [Theory]
    [InlineData("hubName", "1st", "extensions.durableTask.hubName in host.json is '1st'; begin with a letter, and take 3 to 45 letters and digits.")]
    [InlineData("maxConcurrentActivityFunctions", "0", "extensions.durableTask.maxConcurrentActivityFunctions in host.json is '0'; choose a whole number from 1.")]
    [InlineData("maxActivities", "5", "extensions.durableTask.maxActivities in host.json is none of the durable extension's settings; correct its name, or leave it out.")]
    public void Read_OfWhatCannotBeUsed_NamesValueAndRemedy(string name, string value, string sentence)
        => Assert.Equal(sentence, Assert.Throws<InvalidOperationException>(() => Read((name, value))).Message);

    private static DurableOptions Read(params (string Name, string Value)[] values) => DurableOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(static value => KeyValuePair.Create<string, string?>("extensions:durableTask:" + value.Name, value.Value))).Build(),
        new ConfigurationBuilder().AddInMemoryCollection([new("Hub", "Parts")]).Build());
}
