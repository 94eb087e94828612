using System.Diagnostics;
using System.Globalization;
using Slowlane.LocalHost.App;

namespace Slowlane.LocalHost.Workers;

/// <summary>The command that starts a worker process.</summary>
/// <param name="App">The app to run.</param>
/// <param name="Host">The address of this host's gRPC server.</param>
/// <param name="Settings">Environment variables. Those of this process override them, unless they are empty.</param>
/// <param name="IsPolite">Whether all of its threads have a lower priority, because it computes.</param>
internal sealed record WorkerCommand(AppFolder App, Uri Host, IReadOnlyDictionary<string, string?> Settings, bool IsPolite)
{
    /// <summary>
    /// Shields the worker from Ctrl-C and from the end of a terminal, because the host stops it in its own order. Lowers its priority by $1.
    /// The worker replaces the shell (exec), so its process id stays the one that the host started. A second shell waits for the end of the
    /// host's pipe. If host and guard are killed together, that shell terminates the worker. A line in the pipe means that the worker has ended.
    /// </summary>
    private const string Shell = """trap "" INT QUIT HUP; exec 3<&0 < /dev/null; (read -r ended <&3 || kill -s TERM $$) > /dev/null 2>&1 & exec 3<&-; nice=$1; shift; if [ "$nice" != 0 ] && command -v nice > /dev/null; then exec nice -n "$nice" "$@"; fi; exec "$@" """;

    /// <summary>The host refuses oversized messages and reports them. A worker that refuses to send its answer would leave the host waiting forever.</summary>
    private static readonly string NoLimit = int.MaxValue.ToString(CultureInfo.InvariantCulture);

    /// <summary>The process to start, with its output redirected to this process.</summary>
    /// <param name="id">The id by which the worker identifies itself.</param>
    public ProcessStartInfo StartInfo(string id)
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = App.Location,
        };
        string[] program = App.Entry is null ? [App.Executable] : [App.Executable, App.Entry];
        string[] command = OperatingSystem.IsWindows() ? program : ["/bin/sh", "-c", Shell, "worker", IsPolite ? "10" : "0", .. program];
        start.FileName = command[0];
        foreach (var argument in (string[])[.. command[1..], .. Arguments(id)])
        {
            start.ArgumentList.Add(argument);
        }

        if (OperatingSystem.IsWindows())
        {
            start.CreateNewProcessGroup = true;
        }

        foreach (var (name, value) in Settings)
        {
            if (!start.Environment.TryGetValue(name, out var own) || string.IsNullOrWhiteSpace(own))
            {
                start.Environment[name] = value;
            }
        }

        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = App.Location;
        return start;
    }

    // Each argument is given twice: in the worker's current form and in the form of older workers.
    private string[] Arguments(string id)
    {
        var request = Guid.NewGuid().ToString();
        var port = Host.Port.ToString(CultureInfo.InvariantCulture);
        return
        [
            "--host", Host.Host, "--port", port, "--workerId", id, "--requestId", request, "--grpcMaxMessageLength", NoLimit,
            "--functions-uri", Host.ToString(), "--functions-worker-id", id, "--functions-request-id", request, "--functions-grpc-max-message-length", NoLimit,
        ];
    }
}
