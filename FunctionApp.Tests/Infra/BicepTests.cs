using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Functions;
using Slowlane.Storage;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>What a compiler would say of the Bicep files, and what only this repository knows of them.</summary>
public sealed partial class BicepTests
{
    private static readonly BicepFile Main = BicepFile.At("main.bicep");

    private static IEnumerable<MethodInfo> Functions => typeof(WorkFunctions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null);

    [Fact]
    public void EveryResource_HasAnApiVersionThatExists()
    {
        var resources = BicepFile.All.SelectMany(file => file.Of("resource")).Select(resource => resource.Target.Split('@')).ToList();

        Assert.NotEmpty(resources);
        Assert.All(resources, resource => Assert.Equal(AzureFacts.ApiVersions.GetValueOrDefault(resource[0]), resource[1]));
    }

    [Fact]
    public void EveryReference_IsDeclaredInItsFile()
        => Assert.Empty(BicepFile.All.Where(IsTemplate).SelectMany(file => file.References().Except(file.Symbols(), StringComparer.Ordinal).Select(name => $"{file.Path}: {name}")));

    [Fact]
    public void EveryParameterAndVariable_IsUsed()
        => Assert.Empty(BicepFile.All.Where(IsTemplate).SelectMany(file => file.Of("param").Concat(file.Of("var"))
            .Select(declared => declared.Name).Except(file.References(), StringComparer.Ordinal).Select(name => $"{file.Path}: {name}")));

    [Fact]
    public void EveryModule_IsGivenWhatItAsksForAndNothingElse()
        => Assert.All(Main.Of("module"), module =>
        {
            var asked = BicepFile.At(module.Target).Of("param").ToList();
            var given = BicepFile.Entries(module.Body, "params").Select(entry => entry.Key).ToList();
            Assert.Empty(given.Except(asked.Select(parameter => parameter.Name), StringComparer.Ordinal));
            Assert.Empty(asked.Where(parameter => !HasDefault(parameter)).Select(parameter => parameter.Name).Except(given, StringComparer.Ordinal));
        });

    [Fact]
    public void EveryOutputOfAModule_ThatIsUsed_IsThere()
    {
        var used = Output().Matches(Main.Text).Select(match => (Module: match.Groups["module"].Value, Name: match.Groups["name"].Value)).ToList();

        Assert.NotEmpty(used);
        Assert.All(used, output => Assert.Contains(output.Name, BicepFile.At(Main.Named(output.Module).Target).Of("output").Select(declared => declared.Name), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("main.bicepparam")]
    [InlineData("main.prod.bicepparam")]
    public void EveryEnvironment_GivesTheParametersThatHaveNoDefaultAndNoOthers(string path)
    {
        var given = BicepFile.At(path).Of("param").Select(parameter => parameter.Name).ToList();

        Assert.Empty(given.Except(Main.Of("param").Select(parameter => parameter.Name), StringComparer.Ordinal));
        Assert.Empty(Main.Of("param").Where(parameter => !HasDefault(parameter)).Select(parameter => parameter.Name).Except(given, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("main.bicepparam")]
    [InlineData("main.prod.bicepparam")]
    public void EveryEnvironment_HasConnectionsForItsMostInstances(string path)
    {
        var file = BicepFile.At(path);
        var database = file.Named("database").Body;
        var limit = Number(database, "connectionLimit: ");

        Assert.Equal(AzureFacts.UserConnections[BicepFile.Quoted(database)[0]], limit);
        Assert.InRange(Number(file.Named("maximumInstanceCount").Body, "= ") * Number(file.Named("connectionsPerInstance").Body, "= "), 1, limit);
    }

    [Fact]
    public void RoleIds_AreThoseOfTheirNames()
    {
        var roles = BicepFile.At("modules/roles.bicep");
        var ids = BicepFile.Quoted(roles.Named("roleIds").Body).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

        Assert.All(ids, role => Assert.Equal(AzureFacts.Roles.GetValueOrDefault(role.Key), role.Value));
        Assert.All(roles.Of("resource").Where(resource => resource.Target.Contains("roleAssignments", StringComparison.Ordinal)), assignment =>
        {
            Assert.Contains("scope: ", assignment.Body, StringComparison.Ordinal); // Otherwise it would be for the whole resource group.
            Assert.Single(RoleName().Matches(assignment.Body).Select(match => match.Value).Distinct(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void TheApp_MayUseWhatDurableFunctionsKeepsItsRunsIn()
    {
        var given = BicepFile.At("modules/roles.bicep").Of("resource").SelectMany(resource => RoleName().Matches(resource.Body).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);

        Assert.Subset(given, AzureFacts.DurableRoles.ToHashSet(StringComparer.Ordinal));
        Assert.All(AzureFacts.DurableServices, service => Assert.Contains($"name: '{service}'", BicepFile.At("modules/endpoints.bicep").Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Queues_AreThoseThatFunctionsListenTo()
    {
        var listened = Functions.SelectMany(method => method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<QueueTriggerAttribute>()?.QueueName)
            .OfType<string>().Order(StringComparer.Ordinal);

        Assert.Equal(listened, BicepFile.Quoted(LoopOf("queues")).Order(StringComparer.Ordinal));
        Assert.Contains(JobQueue.Name, LoopOf("queues"), StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_AreThoseThatTheAppWritesToAndExpireButForThePackages()
    {
        string[] written = [ResultBlobs.Container, ConstantOf(typeof(InputBlobs)), KeyContainer()];

        Assert.Equal(written.Order(StringComparer.Ordinal), BicepFile.Quoted(LoopOf("containers")).Order(StringComparer.Ordinal));
        var expiring = Prefix().Matches(BicepFile.At("modules/storage.bicep").Named("lifecycle").Body).SelectMany(match => BicepFile.Quoted(match.Value));
        Assert.Equal(written.Select(name => name + "/").Order(StringComparer.Ordinal), expiring.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LifecycleRules_LeaveTheAppTheTimeItPromises()
    {
        var storage = BicepFile.At("modules/storage.bicep");

        Assert.EndsWith("= retentionDays + 7", storage.Named("orphanedAfterDays").Body.Trim(), StringComparison.Ordinal);
        Assert.True(Number(storage.Named("keysAfterDays").Body, "= ") > KeyBlobs.Kept.TotalDays + 1);
    }

    [Fact]
    public void InstancesKeptWarm_AreOfGroupsThatExist()
    {
        var groups = Functions.Select(method => "function:" + method.GetCustomAttribute<FunctionAttribute>()!.Name).Concat(AzureFacts.Groups).ToHashSet(StringComparer.Ordinal);
        var warm = BicepFile.Quoted(BicepFile.At("main.prod.bicepparam").Named("alwaysReady").Body);

        Assert.NotEmpty(warm);
        Assert.All(warm, name => Assert.Contains(name, groups));
    }

    [Fact]
    public void TheApp_RunsOnFlexConsumptionAsItsRuntimeAsks()
    {
        var app = BicepFile.At("modules/functionapp.bicep");

        Assert.All(AzureFacts.FlexConsumption, fact => Assert.Contains(fact, Regex.Replace(app.Text, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)), StringComparison.Ordinal));
    }

    [Fact]
    public void Storage_HasNoKeysAndTheDatabaseNoPasswords()
    {
        Assert.Contains("allowSharedKeyAccess: false", BicepFile.At("modules/storage.bicep").Text, StringComparison.Ordinal);
        Assert.Contains("passwordAuth: 'Disabled'", BicepFile.At("modules/database.bicep").Text, StringComparison.Ordinal);
        Assert.Contains("DisableLocalAuth: true", BicepFile.At("modules/telemetry.bicep").Text, StringComparison.Ordinal);
    }

    private static bool IsTemplate(BicepFile file) => file.Path.EndsWith(".bicep", StringComparison.Ordinal);

    private static bool HasDefault(Declaration parameter) => parameter.Body.Split('\n')[0].Contains(" = ", StringComparison.Ordinal);

    private static string LoopOf(string resource) => BicepFile.At("modules/storage.bicep").Named(resource).Body.Split('\n')[1];

    private static int Number(string body, string after)
        => int.Parse(Regex.Match(body, $@"(?<={after})\d+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value, CultureInfo.InvariantCulture);

    private static string ConstantOf(Type type) => (string)type.GetField("Container", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;

    private static object Field(object of, string name) => of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of)!;

    private static string KeyContainer()
    {
        var keys = new KeyBlobs(new SlowlaneOptions { Storage = "UseDevelopmentStorage=true", Database = "" }, TimeProvider.System);
        return ((Azure.Storage.Blobs.BlobContainerClient)Field(Field(keys, "_blobs"), "_container")).Name;
    }

    [GeneratedRegex(@"\b(?<module>\w+)\.\??outputs\.(?<name>\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Output();

    [GeneratedRegex(@"(?<=roleIds\[')[^']+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RoleName();

    [GeneratedRegex(@"prefixMatch: \[[^\]]+\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Prefix();
}
