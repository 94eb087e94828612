using Npgsql;

namespace Slowlane.Settings;

/// <summary>How one process divides its connections to the database. Pure.</summary>
/// <remarks>
/// The engine's connections are apart from those of jobs, so that a job that waits for its data never keeps a heartbeat, a cancel request or
/// the write of a result from the database.
/// </remarks>
/// <param name="Jobs">The connections for the SQL of job types while they fetch and compute.</param>
/// <param name="Engine">The connections for the engine's own statements and for the writes of results.</param>
internal sealed record ConnectionBudget(int Jobs, int Engine)
{
    /// <summary>The keyword of the connection string that limits the connections of one process.</summary>
    public const string Keyword = "Maximum Pool Size";

    /// <summary>The connection that listens for finished jobs while callers wait. It is not pooled.</summary>
    private const int Listening = 1;

    /// <summary>For statements of milliseconds while every lane writes: heartbeats, cancel requests, look-ups.</summary>
    private const int Short = 2;

    /// <summary>Npgsql's default. A process with many lanes takes more.</summary>
    private const int DefaultTotal = 100;

    /// <summary>Divides the connections that the connection string allows. It must not allow fewer than the lanes need.</summary>
    /// <exception cref="SettingException">The string allows too few. The message gives the number and the remedy.</exception>
    public static ConnectionBudget Checked(string connectionString, int lanes, int maxLostLanes)
    {
        var (given, least) = (Given(connectionString), Least(lanes, maxLostLanes));
        return given is null || given >= least.Total
            ? Of(connectionString, lanes, maxLostLanes)
            : throw new SettingException(
                $"The connection string Slowlane:Database has {Keyword}={given}, and a process with {lanes} lanes (Slowlane:Lanes) needs {least.Total}: {least.Jobs} for the SQL of jobs, {least.Engine} for the engine's own statements, {Listening} that listens. Set {Keyword} to {least.Total} or more, or lower Slowlane:Lanes.");
    }

    /// <summary>Divides the connections that the connection string allows, and gives each side at least one.</summary>
    public static ConnectionBudget Of(string connectionString, int lanes, int maxLostLanes)
    {
        var least = Least(lanes, maxLostLanes);
        var total = Given(connectionString) ?? Math.Max(DefaultTotal, least.Total);
        var jobs = Math.Clamp(least.Jobs, 1, Math.Max(1, total));
        return new ConnectionBudget(jobs, Math.Max(1, total - jobs - Listening));
    }

    private int Total => Jobs + Engine + Listening;

    // A lane of jobs and a lane of partitions hold one connection each: a streaming type while it computes, a coordinator while its partitions
    // do. A write takes one of the engine's instead. A lost computation may keep either until the process is replaced.
    private static ConnectionBudget Least(int lanes, int maxLostLanes)
    {
        var lost = Math.Min(maxLostLanes - 1, lanes);
        return new ConnectionBudget((2 * lanes) + lost, lanes + lost + Short);
    }

    // Null if the string sets no limit. Without a pool, the limit lies elsewhere.
    private static int? Given(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return builder.Pooling && builder.Sets(Keyword) ? builder.MaxPoolSize : null;
    }
}
