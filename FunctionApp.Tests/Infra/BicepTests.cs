using System.Reflection;
using System.Text.Json;
using Slowlane.Settings;
using Slowlane.Storage;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>What is compiled is what the app and Azure ask for. That it compiles is the compiler's affair.</summary>
public sealed class BicepTests
{
    private const string RoleAssignment = "Microsoft.Authorization/roleAssignments";
    private const string App = "Microsoft.Web/sites";
    private const string Container = "Microsoft.Storage/storageAccounts/blobServices/containers";

    [Theory]
    [InlineData("main.bicepparam")]
    [InlineData("main.prod.bicepparam")]
    public async Task EveryEnvironment_HasConnectionsForItsMostInstances(string path)
    {
        var environment = (await Compiled.InfraAsync()).Of(path);
        var limit = environment.Parameter("database").At("connectionLimit").GetInt32();

        Assert.Equal(AzureFacts.UserConnections[environment.Parameter("database").Text("sku")], limit);
        Assert.InRange(environment.Parameter("maximumInstanceCount").GetInt32() * environment.Parameter("connectionsPerInstance").GetInt32(), 1, limit);
        var lanes = int.Parse(environment.The("Microsoft.Web/sites/config").Text("properties.Slowlane__Lanes"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(ConnectionBudget.Checked($"Host=h;Maximum Pool Size={environment.Parameter("connectionsPerInstance").GetInt32()}", lanes, Math.Max(2, lanes)).Engine, lanes + 3, limit);
    }

    [Fact]
    public async Task RoleIds_AreThoseOfTheirNames()
    {
        var named = (await Compiled.InfraAsync()).Template.At("resources.roles.properties.template.variables.roleIds").EnumerateObject().ToDictionary(role => role.Name, role => role.Value.GetString(), StringComparer.Ordinal);

        Assert.NotEmpty(named);
        Assert.All(named, role => Assert.Equal(AzureFacts.Roles.GetValueOrDefault(role.Key), role.Value));
        Assert.Equal(named.Keys.Order(StringComparer.Ordinal), Roles((await Compiled.InfraAsync()).Production).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RoleAssignments_AreForOneResourceEachAndForTheApp()
    {
        var environment = (await Compiled.InfraAsync()).Production;
        var scopes = environment.Resources.Select(resource => resource.Text("id")).Where(id => id.Contains("/providers/", StringComparison.Ordinal)).ToList(); // Not the resource group.

        Assert.All(environment.Of(RoleAssignment), assignment =>
        {
            Assert.Contains(assignment.Text("id").Split("/providers/" + RoleAssignment)[0], scopes, StringComparer.Ordinal);
            Assert.Contains(environment.The("Microsoft.ManagedIdentity/userAssignedIdentities").Text("id"), assignment.Text("properties.principalId"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task TheApp_MayUseWhatDurableFunctionsKeepsItsRunsIn()
    {
        var environment = (await Compiled.InfraAsync()).Production;

        Assert.Subset(Roles(environment).ToHashSet(StringComparer.Ordinal), AzureFacts.DurableRoles.ToHashSet(StringComparer.Ordinal));
        Assert.Subset(Endpoints(environment), AzureFacts.DurableServices.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PrivateEndpoints_LeadToTheResourceThatHasTheService()
    {
        var environment = (await Compiled.InfraAsync()).Production;
        var account = environment.The("Microsoft.Storage/storageAccounts").Text("id");
        var server = environment.The("Microsoft.DBforPostgreSQL/flexibleServers").Text("id");

        Assert.All(environment.Of("Microsoft.Network/privateEndpoints"), endpoint =>
        {
            var connection = Assert.Single(endpoint.At("properties.privateLinkServiceConnections").EnumerateArray());
            Assert.Equal(connection.Text("name") is "postgresqlServer" ? server : account, connection.Text("properties.privateLinkServiceId"));
        });
    }

    [Fact]
    public async Task Queues_AreThoseThatFunctionsListenTo()
    {
        var queues = (await Compiled.InfraAsync()).Production.Of("Microsoft.Storage/storageAccounts/queueServices/queues").Select(queue => queue.OwnName()).ToList();

        Assert.Equal(AppFunctions.Queues.Order(StringComparer.Ordinal), queues.Order(StringComparer.Ordinal));
        Assert.Contains(JobQueue.Name, queues, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Containers_AreThoseThatTheAppWritesToAndExpireButForThePackages()
    {
        var environment = (await Compiled.InfraAsync()).Production;
        string[] written = [ResultBlobs.Container, ConstantOf(typeof(InputBlobs)), KeyContainer()];
        var package = environment.The(App).Text("properties.functionAppConfig.deployment.storage.value");

        var containers = environment.Of(Container).Select(container => container.OwnName()).ToList();
        Assert.Contains($"'{Assert.Single(containers.Except(written, StringComparer.Ordinal))}'", package, StringComparison.Ordinal);
        Assert.Subset(containers.ToHashSet(StringComparer.Ordinal), written.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(written.Select(name => name + "/").Order(StringComparer.Ordinal), (await ExpiryAsync()).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LifecycleRules_LeaveTheAppTheTimeItPromises()
    {
        var storage = (await Compiled.InfraAsync()).Template.At("resources.storage.properties.template.variables");
        var days = await ExpiryAsync();

        Assert.Equal("[add(parameters('retentionDays'), 7)]", storage.Text("orphanedAfterDays"));
        Assert.Equal((7 + 7, 7 + 7), (days[ResultBlobs.Container + "/"], days[ConstantOf(typeof(InputBlobs)) + "/"]));
        Assert.True(days[KeyContainer() + "/"] > IdempotencyStore.Kept.TotalDays + 1);
    }

    [Fact]
    public async Task InstancesKeptWarm_AreOfGroupsThatExist()
    {
        var groups = AppFunctions.Names.Select(name => "function:" + name).Concat(AzureFacts.Groups).ToHashSet(StringComparer.Ordinal);
        var warm = (await Compiled.InfraAsync()).Production.Parameter("alwaysReady").EnumerateArray().Select(group => group.Text("name")).ToList();

        Assert.NotEmpty(warm);
        Assert.All(warm, name => Assert.Contains(name, groups));
    }

    [Fact]
    public async Task TheApp_RunsOnFlexConsumptionAsItsRuntimeAsks()
    {
        var environment = (await Compiled.InfraAsync()).Production;

        Assert.All(AzureFacts.FlexConsumption, fact => Assert.Equal(fact.Value, environment.The(fact.Type).At(fact.Path).ToString()));
    }

    [Theory]
    [InlineData("main.bicepparam")]
    [InlineData("main.prod.bicepparam")]
    public async Task TheApp_ScalesAsItsEnvironmentSaysAndFetchesItsPackageByItsIdentity(string path)
    {
        var environment = (await Compiled.InfraAsync()).Of(path);
        var scale = environment.The(App).At("properties.functionAppConfig.scaleAndConcurrency");
        var defaults = environment.Template.At("parameters");

        Assert.Equal(environment.Parameter("maximumInstanceCount").GetInt32(), scale.At("maximumInstanceCount").GetInt32());
        Assert.Equal(defaults.At("instanceMemoryMB.defaultValue").GetInt32(), scale.At("instanceMemoryMB").GetInt32());
        Assert.Equal(defaults.At("httpConcurrency.defaultValue").GetInt32(), scale.At("triggers.http.perInstanceConcurrency").GetInt32());
        Assert.Equal(
            environment.Parameters.TryGetProperty("alwaysReady", out var warm) ? Compact(warm.At("value")) : "[]",
            Compact(scale.At("alwaysReady")));
        Assert.Equal(
            environment.The("Microsoft.ManagedIdentity/userAssignedIdentities").Text("id"),
            environment.The(App).Text("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"));
    }

    [Fact]
    public async Task Storage_HasNoKeysAndTheDatabaseNoPasswords()
    {
        var environment = (await Compiled.InfraAsync()).Production;

        Assert.False(environment.The("Microsoft.Storage/storageAccounts").At("properties.allowSharedKeyAccess").GetBoolean());
        Assert.Equal("Disabled", environment.The("Microsoft.DBforPostgreSQL/flexibleServers").Text("properties.authConfig.passwordAuth"));
        Assert.True(environment.The("Microsoft.Insights/components").At("properties.DisableLocalAuth").GetBoolean());
    }

    [Fact]
    public async Task TheApp_IsDeployedByNobodyWithAPassword()
    {
        var ways = (await Compiled.InfraAsync()).Production.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies");

        Assert.Equal("ftp scm", string.Join(' ', ways.Select(way => way.OwnName()).Order(StringComparer.Ordinal)));
        Assert.All(ways, way => Assert.False(way.At("properties.allow").GetBoolean()));
    }

    /// <summary>The services with a private endpoint.</summary>
    internal static HashSet<string> Endpoints(CompiledEnvironment environment) => environment.Of("Microsoft.Network/privateEndpoints")
        .SelectMany(endpoint => endpoint.At("properties.privateLinkServiceConnections").EnumerateArray())
        .SelectMany(connection => connection.Texts("properties.groupIds")).ToHashSet(StringComparer.Ordinal);

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    private static IEnumerable<string> Roles(CompiledEnvironment environment) => environment.Of(RoleAssignment)
        .Select(assignment => assignment.Text("properties.roleDefinitionId").Split('/')[^1])
        .Select(id => AzureFacts.Roles.Single(role => string.Equals(role.Value, id, StringComparison.Ordinal)).Key);

    /// <summary>After how many days a blob goes, by what its name begins with.</summary>
    private static async Task<Dictionary<string, int>> ExpiryAsync() => (await Compiled.InfraAsync()).Production.The("Microsoft.Storage/storageAccounts/managementPolicies")
        .At("properties.policy.rules").EnumerateArray()
        .SelectMany(rule => rule.Texts("definition.filters.prefixMatch").Select(prefix => (prefix, Days: rule.At("definition.actions.baseBlob.delete.daysAfterModificationGreaterThan").GetInt32())))
        .ToDictionary(rule => rule.prefix, rule => rule.Days, StringComparer.Ordinal);

    private static string ConstantOf(Type type) => (string)type.GetField("Container", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;

    private static object Field(object of, string name) => of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of)!;

    private static string KeyContainer()
    {
        var keys = new IdempotencyStore(new SlowlaneOptions { Storage = "UseDevelopmentStorage=true", Database = "" }, TimeProvider.System);
        return ((Azure.Storage.Blobs.BlobContainerClient)Field(Field(keys, "_blobs"), "_container")).Name;
    }
}
