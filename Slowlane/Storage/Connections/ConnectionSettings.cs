using Npgsql;
using Slowlane.Settings;

namespace Slowlane.Storage.Connections;

/// <summary>Derives the settings of the app's connections from the given connection string. Pure.</summary>
internal static class ConnectionSettings
{
    /// <summary>The settings of the connections for the engine's own statements.</summary>
    public static NpgsqlConnectionStringBuilder ForEngine(SlowlaneOptions options) => Pooled(options, "", options.Connections.Engine);

    /// <summary>The settings of the connections for the SQL of job types.</summary>
    public static NpgsqlConnectionStringBuilder ForJobs(SlowlaneOptions options) => Pooled(options, " jobs", options.Connections.Jobs);

    /// <summary>The settings of a connection that only listens. It is not pooled, and a keep-alive checks it when it is silent.</summary>
    public static NpgsqlConnectionStringBuilder ForListening(SlowlaneOptions options)
    {
        var builder = Common(options, " listener");
        (builder.Pooling, builder.KeepAlive) = (false, 15);
        return builder;
    }

    private static NpgsqlConnectionStringBuilder Pooled(SlowlaneOptions options, string name, int size)
    {
        var builder = Common(options, name);
        (builder.MaxPoolSize, builder.MinPoolSize) = (size, Math.Min(builder.MinPoolSize, size));
        return builder;
    }

    private static NpgsqlConnectionStringBuilder Common(SlowlaneOptions options, string name)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.Database) { CommandTimeout = 0 };
        builder.ApplicationName = (builder.ApplicationName ?? "slowlane") + name; // Tells the server's administrator what a connection is for.

        builder.IncludeFailedBatchedCommand = true; // EngineStatement distinguishes the engine's own statements from those of job types.

        // A job type's connection has another role (JobRole). The pool must reset it before its next use, and no other command may use it until then.
        (builder.NoResetOnClose, builder.Multiplexing) = (false, false);

        // Text travels as UTF-8 in both directions. PGCLIENTENCODING would have the server take it for another encoding.
        (builder.ClientEncoding, builder.Encoding) = ("UTF8", "UTF8");
        if (!builder.Sets("GSS Encryption Mode"))
        {
            builder.GssEncryptionMode = GssEncryptionMode.Disable; // Npgsql's attempt at it does not keep the time limit, and fails without Kerberos libraries.
        }

        if (!builder.Sets("Timeout"))
        {
            builder.Timeout = 5; // Seconds to connect: a status request should not wait for Npgsql's 15.
        }

        // The app's statements are few and always the same, and planning them costs the server more than running them. After five
        // uses a session keeps a statement prepared, also through the pool's reset.
        if (!builder.Sets("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = 40;
        }

        if (!builder.Sets("Read Buffer Size"))
        {
            builder.ReadBufferSize = 64 * 1024; // A profile reads much data: with Npgsql's 8 KB, fetching took two thirds more processor time.
        }

        ConnectionHosts.Prepare(builder);
        return builder;
    }
}
