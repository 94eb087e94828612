using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Slowlane.LocalHost.Processes;

/// <summary>How a worker process is started.</summary>
/// <param name="File">The program.</param>
/// <param name="Arguments">What it is told where all can see it: nothing secret.</param>
/// <param name="Environment">Variables on top of this process's own.</param>
internal sealed record WorkerCommand(string File, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>This same program as a worker, on the settings of this process.</summary>
    public static WorkerCommand ForThisProgram(LocalHostOptions options, IReadOnlyDictionary<string, string?> settings)
    {
        var program = System.Environment.ProcessPath!;
        var isDotnet = string.Equals(Path.GetFileNameWithoutExtension(program), "dotnet", StringComparison.OrdinalIgnoreCase);
        string[] arguments =
        [
            .. isDotnet ? [Assembly.GetEntryAssembly()!.Location] : Array.Empty<string>(),
            "--role", "worker",
            .. options.Verbose ? ["--verbose"] : Array.Empty<string>(),
        ];
        return new WorkerCommand(program, arguments, Variables(settings, options.Workers, System.Environment.ProcessorCount));
    }

    /// <summary>Settings as variables, and the cores shared out among the workers, each computing on its lanes.</summary>
    public static Dictionary<string, string?> Variables(IReadOnlyDictionary<string, string?> settings, int workers, int cores)
    {
        var lanes = Math.Max(1, cores / workers);
        var variables = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["DOTNET_gcServer"] = "0",
            ["Slowlane__Lanes"] = lanes.ToString(CultureInfo.InvariantCulture),
            ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = (lanes - 1).ToString(CultureInfo.InvariantCulture),
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.500", // Rung for what a caller sends; what workers and the sweep send waits no longer than that.
            ["AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions"] = lanes.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in settings)
        {
            variables[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return variables;
    }

    /// <summary>What to start, with its streams piped here. Where there is <c>nice</c>, it keeps all threads out of the front's way.</summary>
    public ProcessStartInfo StartInfo(string? nice)
    {
        var start = new ProcessStartInfo(nice ?? File)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in nice is null ? Arguments : ["-n", "10", File, .. Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in Environment)
        {
            // Settings never override the environment; nor does what is worked out here.
            start.Environment.TryAdd(name, value);
        }

        start.Environment[ParentWatch.Variable] = System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return start;
    }
}
