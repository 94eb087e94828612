using System.Diagnostics;
using System.Globalization;
using Slowlane.LocalHost.App;

namespace Slowlane.LocalHost.Workers;

/// <summary>How a worker process is started.</summary>
/// <param name="App">The app it runs.</param>
/// <param name="Host">Where this host's gRPC server listens.</param>
/// <param name="Settings">Its variables on top of this process's own, which win.</param>
/// <param name="IsPolite">Whether all of its threads keep out of the way of others: it computes.</param>
internal sealed record WorkerCommand(AppFolder App, Uri Host, IReadOnlyDictionary<string, string?> Settings, bool IsPolite)
{
    /// <summary>
    /// Keeps Ctrl-C and a terminal's end from the worker, which the host stops in its own order, and lowers its priority by $1.
    /// exec: the process stays the one that was started. Beside it a shell waits for the end of the host's pipe, should host and guard
    /// be killed together, and tells the worker to stop; a line means that the worker is gone already.
    /// </summary>
    private const string Shell = """trap "" INT QUIT HUP; exec 3<&0 < /dev/null; (read -r ended <&3 || kill -s TERM $$) > /dev/null 2>&1 & exec 3<&-; nice=$1; shift; if [ "$nice" != 0 ] && command -v nice > /dev/null; then exec nice -n "$nice" "$@"; fi; exec "$@" """;

    /// <summary>The host refuses what is too long, and says so; a worker that refused to send an answer would owe it for ever.</summary>
    private static readonly string NoLimit = int.MaxValue.ToString(CultureInfo.InvariantCulture);

    /// <summary>What to start, with its output piped here.</summary>
    /// <param name="id">What the worker calls itself.</param>
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
            start.Environment.TryAdd(name, value);
        }

        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = App.Location;
        return start;
    }

    // Twice: as the worker reads them, and as older ones do.
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
