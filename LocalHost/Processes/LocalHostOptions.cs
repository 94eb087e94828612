namespace Slowlane.LocalHost.Processes;

/// <summary>Which part of the app a process runs.</summary>
internal enum LocalRole
{
    /// <summary>All functions of the app.</summary>
    All,

    /// <summary>HTTP functions and timers only.</summary>
    Front,

    /// <summary>Queue functions, orchestrators and activities only.</summary>
    Worker,
}

/// <summary>What the command line and its defaults say.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>The HTTP port; 0 takes a free one. 7071 by default, as <c>func start</c>.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>Worker processes for queues and activities; 0 runs them in the process of HTTP, one to debug.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    public LocalRole Role { get; init; } = LocalRole.All;

    /// <summary>Keep nothing: data in a temporary folder that goes with the host.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Demand function keys.</summary>
    public bool EnableAuth { get; init; }

    public bool Verbose { get; init; }

    /// <summary>The output folder of the app to run; the one built with this host when null.</summary>
    public string? App { get; init; }

    /// <summary>Only say what the command line can be.</summary>
    public bool Help { get; init; }
}
