namespace Slowlane.LocalHost.Settings;

/// <summary>The functions that a process runs.</summary>
internal enum LocalRole
{
    /// <summary>All functions of the app.</summary>
    All,

    /// <summary>Only HTTP functions and timers.</summary>
    Front,

    /// <summary>Only queue functions, orchestrators and activities.</summary>
    Worker,
}

/// <summary>The options of the command line, with their defaults.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>The HTTP port. 0 takes a free one. 7071 by default, as with <c>func start</c>.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>The number of worker processes for queues and activities. 0 runs them in the worker of HTTP, so that there is one process to debug.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    public LocalRole Role { get; init; } = LocalRole.All;

    /// <summary>Whether data is in a temporary folder that is deleted when the host stops.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Whether function keys are required.</summary>
    public bool EnableAuth { get; init; }

    public bool Verbose { get; init; }

    /// <summary>The output folder of the app to run. Null for the app that was built with this host.</summary>
    public string? App { get; init; }

    /// <summary>Whether to print only the usage of the command line.</summary>
    public bool Help { get; init; }
}
