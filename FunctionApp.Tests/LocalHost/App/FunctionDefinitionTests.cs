using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.App;

[Trait("Category", "Fast")]
public sealed class FunctionDefinitionTests
{
    private const string Queue = """{"name":"message","direction":"In","type":"queueTrigger","queueName":"q"}""";

    [Fact]
    public void Functions_AreReadInTheOrderOfTheirNamesWithTheirInputs()
    {
        var functions = Read([Described("b", Queue, """{"name":"client","direction":"In","type":"durableClient"}"""), Described("A", """{"name":"r","type":"httpTrigger"}""", """{"name":"$return","type":"http","direction":"Out"}""")]);

        Assert.Equal(["A", "b"], functions.Select(function => function.Name), StringComparer.Ordinal);
        Assert.Equal([true, false], functions.Select(function => function.IsHttp));
        Assert.Equal("client", Assert.Single(functions[1].Inputs).Name);
    }

    [Theory]
    [InlineData("AzureWebJobs.F.Disabled", "1", 0)]
    [InlineData("AzureWebJobs.F.Disabled", "true", 0)]
    [InlineData("AzureWebJobs.F.Disabled", "True", 0)]
    [InlineData("AzureWebJobs_F_Disabled", "true", 0)]
    [InlineData("AzureWebJobs:F:Disabled", "true", 0)] // As AzureWebJobs__F__Disabled is read.
    [InlineData("AzureWebJobs.F.Disabled", "false", 1)]
    [InlineData("AzureWebJobs.F.Disabled", "0", 1)]
    [InlineData("AzureWebJobs.F.Disabled", null, 1)]
    [InlineData("AzureWebJobs.G.Disabled", "true", 1)]
    public void Function_ThatIsDisabled_IsNone(string setting, string? value, int count)
        => Assert.Equal(count, Read([Described("F", Queue)], (setting, value)).Count);

    [Fact]
    public void Functions_ThatHostJsonLists_RunAlone()
        => Assert.Equal(["b"], FunctionDefinition.ReadAll([Described("a", Queue), Described("b", Queue)], ["B"], new ConfigurationBuilder().Build()).Select(function => function.Name), StringComparer.Ordinal);

    [Theory]
    [InlineData("timerTrigger", false)]
    [InlineData("queueTrigger", true)]
    public void Function_WithARetryPolicy_IsRefusedWhereThePlatformAppliesIt(string trigger, bool runs)
    {
        var described = Described("F", $$"""{"name":"t","type":"{{trigger}}","direction":"In"}""");
        described.RetryOptions = new RpcRetryOptions { MaxRetryCount = 3 };

        var error = Record.Exception(() => Read([described]));

        Assert.Equal(runs ? null : "The function F has a retry policy, and this host runs a timer once each time: run the app with Core Tools, or set AzureWebJobs.F.Disabled to true.", error?.Message);
    }

    [Fact]
    public void Function_ThatIsDisabled_MayHaveWhatThisHostHasNot()
        => Assert.Empty(Read([Described("F", """{"name":"b","type":"blobTrigger","direction":"In"}""")], ("AzureWebJobs.F.Disabled", "true")));

    [Theory]
    [InlineData("""{"name":"b","type":"blobTrigger","direction":"In"}""", "The function F has a blobTrigger, and this host has httpTrigger, queueTrigger, timerTrigger, orchestrationTrigger, activityTrigger: run the app with Core Tools, or set AzureWebJobs.F.Disabled to true.")]
    [InlineData("""{"name":"t","type":"table","direction":"In"}""", "The function F has no trigger: give it one.")]
    public void Function_WithoutATriggerOfThisHost_IsRefusedWithTheRemedy(string binding, string sentence)
        => Assert.Equal(sentence, Assert.Throws<CannotStartException>(() => Read([Described("F", binding)])).Message);

    [Theory]
    [InlineData("""{"name":"t","type":"table","direction":"In"}""", "The function F has the input table \"t\", and this host has durableClient: run the app with Core Tools, or set AzureWebJobs.F.Disabled to true.")]
    [InlineData("""{"name":"o","type":"queue","direction":"Out"}""", "The function F has the output queue \"o\", and this host has none but HTTP's own: run the app with Core Tools, or set AzureWebJobs.F.Disabled to true.")]
    public void Function_WithAnotherBindingThanThisHostHas_IsRefusedWithTheRemedy(string binding, string sentence)
        => Assert.Equal(sentence, Assert.Throws<CannotStartException>(() => Read([Described("F", Queue, binding)])).Message);

    [Theory]
    [InlineData("""{"name":"m","direction":"Out"}""", false, false)]
    [InlineData("""{"NAME":"m","Direction":"In","Properties":{}}""", true, false)]
    [InlineData("""{"name":"m","properties":{"supportsDeferredBinding":"True"}}""", true, true)]
    [InlineData("""{"name":"m","properties":{"supportsDeferredBinding":"False"}}""", true, false)]
    public void Binding_SaysWhetherItIsAnInputAndWhetherItsWorkerMakesItsValue(string json, bool isInput, bool isDeferred)
    {
        var binding = BindingDefinition.Parse(json);

        Assert.Equal(("m", isInput, isDeferred), (binding.Name, binding.IsInput, binding.IsDeferred));
    }

    [Theory]
    [InlineData("queueName", "q")]
    [InlineData("QUEUENAME", "q")]
    [InlineData("count", "3")]
    [InlineData("runOnStartup", "true")]
    [InlineData("nothing", null)]
    [InlineData("none", null)]
    public void Value_IsFoundInAnyCaseAndReadAsText(string name, string? value)
        => Assert.Equal(value, BindingDefinition.Parse("""{"queueName":"q","count":3,"runOnStartup":true,"nothing":null}""")[name]);

    private static IReadOnlyList<FunctionDefinition> Read(RpcFunctionMetadata[] described, params (string Key, string? Value)[] settings)
        => FunctionDefinition.ReadAll(described, [], new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build());

    private static RpcFunctionMetadata Described(string name, params string[] bindings)
    {
        var described = new RpcFunctionMetadata { Name = name, FunctionId = name };
        described.RawBindings.Add(bindings);
        return described;
    }
}
