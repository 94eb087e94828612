namespace Slowlane.Tests.Infra;

/// <summary>What Azure says, looked up in public sources in November 2026. Change a line here only with its source.</summary>
internal static class AzureFacts
{
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
    /// What makes an app one of Flex Consumption: a resource's type, a path in it, the value there. Sources:
    /// learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code (plan, kind, <c>functionAppConfig</c>);
    /// the version with its zero: github.com/Azure-Samples/azure-functions-flex-consumption-samples.
    /// </summary>
    public static readonly IReadOnlyList<(string Type, string Path, string Value)> FlexConsumption =
        [
            ("Microsoft.Web/serverfarms", "sku.name", "FC1"),
            ("Microsoft.Web/serverfarms", "sku.tier", "FlexConsumption"),
            ("Microsoft.Web/serverfarms", "properties.reserved", "True"),
            ("Microsoft.Web/sites", "kind", "functionapp,linux"),
            ("Microsoft.Web/sites", "properties.functionAppConfig.deployment.storage.type", "blobContainer"),
            ("Microsoft.Web/sites", "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity"),
            ("Microsoft.Web/sites", "properties.functionAppConfig.runtime.name", "dotnet-isolated"),
            ("Microsoft.Web/sites", "properties.functionAppConfig.runtime.version", "10.0"),
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
