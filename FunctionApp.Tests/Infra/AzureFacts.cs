namespace Slowlane.Tests.Infra;

/// <summary>What Azure says, looked up in public sources in November 2026. Change a line here only with its source.</summary>
internal static class AzureFacts
{
    /// <summary>Resource types with the versions of their API that exist. Source: a folder or a section in types.md of github.com/Azure/bicep-types-az, under <c>generated/</c>.</summary>
    public static readonly IReadOnlyDictionary<string, string> ApiVersions = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Microsoft.Resources/resourceGroups"] = "2024-03-01", // resources/microsoft.resources/2024-03-01
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "2023-01-31", // msi/microsoft.managedidentity/2023-01-31
        ["Microsoft.Storage/storageAccounts"] = "2025-06-01", // storage/microsoft.storage/2025-06-01, and those below it
        ["Microsoft.Storage/storageAccounts/queueServices"] = "2025-06-01",
        ["Microsoft.Storage/storageAccounts/queueServices/queues"] = "2025-06-01",
        ["Microsoft.Storage/storageAccounts/blobServices"] = "2025-06-01",
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = "2025-06-01",
        ["Microsoft.Storage/storageAccounts/managementPolicies"] = "2025-06-01",
        ["Microsoft.OperationalInsights/workspaces"] = "2023-09-01", // operationalinsights/microsoft.operationalinsights/2023-09-01
        ["Microsoft.Insights/components"] = "2020-02-02", // applicationinsights/microsoft.insights/2020-02-02
        ["Microsoft.Insights/actionGroups"] = "2023-01-01", // monitor/microsoft.insights/2023-01-01
        ["Microsoft.Insights/scheduledQueryRules"] = "2021-08-01", // monitor/microsoft.insights/2021-08-01
        ["Microsoft.Insights/metricAlerts"] = "2018-03-01", // monitor/microsoft.insights/2018-03-01
        ["Microsoft.Authorization/roleAssignments"] = "2022-04-01", // authorization/microsoft.authorization/2022-04-01
        ["Microsoft.DBforPostgreSQL/flexibleServers"] = "2025-08-01", // postgresql/microsoft.dbforpostgresql/2025-08-01, and those below it
        ["Microsoft.DBforPostgreSQL/flexibleServers/databases"] = "2025-08-01",
        ["Microsoft.DBforPostgreSQL/flexibleServers/administrators"] = "2025-08-01",
        ["Microsoft.DBforPostgreSQL/flexibleServers/firewallRules"] = "2025-08-01",
        ["Microsoft.Web/serverfarms"] = "2024-11-01", // web/microsoft.web/2024-11-01, and those below it
        ["Microsoft.Web/sites"] = "2024-11-01",
        ["Microsoft.Web/sites/config"] = "2024-11-01",
        ["Microsoft.Web/sites/basicPublishingCredentialsPolicies"] = "2024-11-01",
        ["Microsoft.Network/virtualNetworks"] = "2024-05-01", // network/microsoft.network/2024-05-01, and those below it
        ["Microsoft.Network/virtualNetworks/subnets"] = "2024-05-01",
        ["Microsoft.Network/privateEndpoints"] = "2024-05-01",
        ["Microsoft.Network/privateEndpoints/privateDnsZoneGroups"] = "2024-05-01",
        ["Microsoft.Network/privateDnsZones"] = "2024-06-01", // privatedns/microsoft.network/2024-06-01, and those below it
        ["Microsoft.Network/privateDnsZones/virtualNetworkLinks"] = "2024-06-01",
    };

    /// <summary>Built-in roles. Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles.</summary>
    public static readonly IReadOnlyDictionary<string, string> Roles = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Storage Blob Data Owner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["Storage Queue Data Contributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["Storage Queue Data Message Processor"] = "8a0f0c08-91a1-4084-bc3d-661d67233fed",
        ["Storage Queue Data Message Sender"] = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
        ["Storage Table Data Contributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        ["Monitoring Metrics Publisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
    };

    /// <summary>
    /// What an identity needs of the storage account that Durable Functions keeps its runs in; the owner of blobs is more than their contributor.
    /// Source: learn.microsoft.com/azure/azure-functions/durable/durable-functions-configure-managed-identity.
    /// </summary>
    public static readonly IReadOnlyList<string> DurableRoles = ["Storage Blob Data Owner", "Storage Queue Data Contributor", "Storage Table Data Contributor"];

    /// <summary>The account's services that it keeps them in, as private endpoints name them. Source: learn.microsoft.com/azure/azure-functions/durable/durable-functions-azure-storage-provider.</summary>
    public static readonly IReadOnlyList<string> DurableServices = ["blob", "queue", "table"];

    /// <summary>Groups that Flex Consumption scales together, beside each other function alone. Source: learn.microsoft.com/azure/azure-functions/flex-consumption-plan#per-function-scaling.</summary>
    public static readonly IReadOnlyList<string> Groups = ["http", "durable"];

    /// <summary>What the Functions host and its telemetry read for themselves. Source: learn.microsoft.com/azure/azure-functions/functions-app-settings.</summary>
    public static readonly IReadOnlySet<string> HostSettings = new HashSet<string>(StringComparer.Ordinal)
    {
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    };

    /// <summary>Settings that Flex Consumption refuses, or replaces by <c>functionAppConfig</c>. Source: learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations.</summary>
    public static readonly IReadOnlyList<string> RefusedSettings =
        ["FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENT", "WEBSITE_NODE_DEFAULT_VERSION", "FUNCTIONS_MAX_HTTP_CONCURRENCY"];

    /// <summary>
    /// What makes an app one of Flex Consumption, white space aside. Sources: learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code
    /// (plan, kind, <c>functionAppConfig</c>); the version with its zero: github.com/Azure-Samples/azure-functions-flex-consumption-samples.
    /// </summary>
    public static readonly IReadOnlyList<string> FlexConsumption =
        [
            "sku: { name: 'FC1' tier: 'FlexConsumption' }",
            "properties: { reserved: true }",
            "kind: 'functionapp,linux'",
            "storage: { type: 'blobContainer' value: packageContainerUri authentication: { type: 'UserAssignedIdentity' userAssignedIdentityResourceId: identityId } }",
            "runtime: { name: 'dotnet-isolated' version: '10.0' }",
            "scaleAndConcurrency: { instanceMemoryMB: instanceMemoryMB maximumInstanceCount: maximumInstanceCount alwaysReady: alwaysReady triggers: { http: { perInstanceConcurrency: httpConcurrency } } }",
        ];

    /// <summary>Connections that are left to users. Source: learn.microsoft.com/azure/postgresql/flexible-server/concepts-limits.</summary>
    public static readonly IReadOnlyDictionary<string, int> UserConnections = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Standard_B1ms"] = 35,
        ["Standard_B2s"] = 414,
        ["Standard_D2ds_v5"] = 844,
        ["Standard_D4ds_v5"] = 1703,
    };
}
