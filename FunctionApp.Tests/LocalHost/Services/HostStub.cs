using System.Diagnostics;
using System.Text.Json;
using Slowlane.LocalHost.Services;

namespace Slowlane.Tests.LocalHost.Services;

/// <summary>A process in a group of its own that starts a guard, as LocalHost does, and can be killed without ceremony.</summary>
internal sealed class HostStub : IDisposable
{
    // Ends by itself in the end, should the test not come to that.
    private const string Script = """
        printf '{"event":"note","message":"%s"}\n' $$
        { printf '%s\n' "$3"; exec sleep 120; } | node "$1" "$2"
        """;

    private static readonly string Guard = Path.Combine(ProjectFolder.Location, "Services", "guard.mjs");

    private readonly Process _process;
    private string? _group;

    private HostStub(Process process) => _process = process;

    public GuardEvent Ready { get; private set; } = null!;

    public static async Task<HostStub> StartAsync(GuardOrder order, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardOutput = true };
        string[] arguments =
        [
            "sh", "-c", Script, "host", Guard, order.Folder,
            JsonSerializer.Serialize(order, GuardJson.Default.GuardOrder),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var stub = new HostStub(Process.Start(start)!);
        while (await stub._process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            stub.Ready = JsonSerializer.Deserialize(line, GuardJson.Default.GuardEvent)!;
            stub._group ??= stub.Ready.Message; // Said first: setsid may have made another process of it.
            if (stub.Ready.Event is "ready" or "failed")
            {
                break;
            }
        }

        return stub;
    }

    /// <summary>A host that orders and is gone: the guard reads the end of its input right after the order.</summary>
    public static async Task StartAndLeaveAsync(GuardOrder order, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Guard);
        start.ArgumentList.Add(order.Folder);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order, GuardJson.Default.GuardOrder));
        process.StandardInput.Close();
        await process.StandardOutput.ReadToEndAsync(cancellationToken); // Its end is the guard's end.
    }

    /// <summary>kill -9 of its whole process group.</summary>
    public void KillGroup()
    {
        using var kill = Process.Start("kill", ["-9", "--", "-" + _group]);
        kill.WaitForExit();
        _group = null;
    }

    public void Dispose()
    {
        if (_group is not null)
        {
            KillGroup();
        }

        _process.Dispose();
    }
}
