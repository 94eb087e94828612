using Microsoft.Extensions.Configuration;

namespace Slowlane.Settings;

/// <summary>The settings of the app. App settings spell them with two underscores: <c>Slowlane__Lanes</c>.</summary>
internal sealed record SlowlaneOptions
{
    private const int LeaseSeconds = 15;
    private const int RetentionDays = 7;

    /// <summary>
    /// <c>AzureWebJobsStorage</c>: the storage account with the queues, by connection string or by identity
    /// (<c>AzureWebJobsStorage:accountName</c>). Required.
    /// </summary>
    public required StorageConnection Storage { get; init; }

    /// <summary><c>Slowlane:Database</c>, as an Npgsql connection string. The setting may also be a PostgreSQL URI. Required.</summary>
    public required string Database { get; init; }

    /// <summary>
    /// <c>Slowlane:DatabaseIdentity</c>: the identity that logs in if the connection string has no password. A client id, <c>system</c> or
    /// <c>default</c>. None by default.
    /// </summary>
    public DatabaseIdentity? DatabaseIdentity { get; init; }

    /// <summary><c>Slowlane:Lanes</c>: the number of lanes in one process. 1 to 256; the number of cores by default.</summary>
    /// <remarks>A process handles <c>batchSize</c> + <c>newBatchThreshold</c> messages (host.json) at a time, so more lanes than that stay idle.</remarks>
    public int Lanes { get; init; } = Environment.ProcessorCount;

    /// <summary><c>Slowlane:LeaseSeconds</c>: how long a silent worker keeps its job. 1 to 3600 s; 15 s by default.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(LeaseSeconds);

    /// <summary><c>Slowlane:RetentionDays</c>: how long a finished job can be read. 1 to 3650 days; 7 by default.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(RetentionDays);

    /// <summary>
    /// <c>Slowlane:MaxLostLanes</c>: a lane is lost while its computation still runs after it was stopped. At this number of lost lanes the
    /// process ends, and its host starts another. 1 to 1000; by default the number of lanes, at least 2. Half of the processor time is then lost.
    /// </summary>
    public int MaxLostLanes { get; init; } = LostLanes(Environment.ProcessorCount);

    /// <summary>
    /// <c>Slowlane:ForwardedHeaders</c>: the proxy headers to trust, a comma-separated list of <c>Proto</c>, <c>Host</c> and <c>Prefix</c>. None by
    /// default.
    /// </summary>
    public ForwardedHeaders ForwardedHeaders { get; init; }

    /// <summary>How the process divides the connections that <see cref="Database"/> allows.</summary>
    public ConnectionBudget Connections => ConnectionBudget.Of(Database, Lanes, MaxLostLanes);

    /// <summary><c>WEBSITE_HOSTNAME</c>: set by Azure and by Core Tools. Without it the durable client binding fails.</summary>
    public bool HasHostName { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingException">A setting is missing or out of bounds. The message names it, its bounds and the remedy.</exception>
    public static SlowlaneOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var database = DatabaseConnection.Read(
            Required(configuration, "Slowlane:Database", "an Npgsql connection string or a PostgreSQL URI"), configuration["PGREQUIREAUTH"]);
        var lanes = Bounded(configuration, "Slowlane:Lanes", Environment.ProcessorCount, 1, 256);
        var lost = Bounded(configuration, "Slowlane:MaxLostLanes", LostLanes(lanes), 1, 1000);
        _ = ConnectionBudget.Checked(database, lanes, lost);
        return new SlowlaneOptions
        {
            Storage = StorageConnection.From(configuration),
            Database = database,
            DatabaseIdentity = DatabaseIdentity.From(configuration["Slowlane:DatabaseIdentity"], database),
            Lanes = lanes,
            Lease = TimeSpan.FromSeconds(Bounded(configuration, "Slowlane:LeaseSeconds", LeaseSeconds, 1, 3600)),
            Retention = TimeSpan.FromDays(Bounded(configuration, "Slowlane:RetentionDays", RetentionDays, 1, 3650)),
            MaxLostLanes = lost,
            HasHostName = configuration["WEBSITE_HOSTNAME"] is { Length: > 0 },
            ForwardedHeaders = ForwardedHeadersSetting.Parse(configuration["Slowlane:ForwardedHeaders"]),
        };
    }

    private static int LostLanes(int lanes) => Math.Max(2, lanes);

    private static string Required(IConfiguration configuration, string key, string what)
        => configuration[key] is { } value && !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new SettingException($"The setting {key} is missing; set it to {what} (in app settings: {key.Replace(":", "__", StringComparison.Ordinal)}).");

    private static int Bounded(IConfiguration configuration, string key, int fallback, int min, int max) => configuration[key] switch
    {
        null or "" => fallback,
        var text when int.TryParse(text, System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= min && value <= max => value,
        var text => throw new SettingException($"The setting {key} is '{text}'; choose a whole number from {min} to {max}."),
    };
}
