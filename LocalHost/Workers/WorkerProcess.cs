using System.Diagnostics;
using Slowlane.LocalHost.Services;

namespace Slowlane.LocalHost.Workers;

/// <summary>One worker process, from its start to its end. The guard ends it when this process is gone.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>How long its last words may take: what it started itself may hold its output open for ever.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Guard _guard;
    private readonly Task _output;

    private WorkerProcess(Process process, Guard guard, Action<string> say)
    {
        _process = process;
        _guard = guard;
        Id = process.Id;
        _output = Task.WhenAll(ForwardAsync(process.StandardOutput, say), ForwardAsync(process.StandardError, say));
    }

    public int Id { get; }

    /// <summary>True when it ended to be started again: the exit code that the platform takes for an intentional restart.</summary>
    public bool IsRecycled => _process.ExitCode == 200;

    /// <summary>How it ended, for a sentence.</summary>
    public string Ending => IsRecycled ? "recycled itself" : _process.ExitCode is > 128 and < 160 and var code && !OperatingSystem.IsWindows()
        ? $"was ended by signal {code - 128}"
        : $"ended with exit code {_process.ExitCode}";

    /// <param name="command">What to start.</param>
    /// <param name="id">What the worker calls itself.</param>
    /// <param name="guard">Who ends it when this process is gone.</param>
    /// <param name="say">Given its output, line by line.</param>
    public static WorkerProcess Start(WorkerCommand command, string id, Guard guard, Action<string> say)
    {
        // A worker that starts while this process dies finds no host and ends by itself.
        var process = Process.Start(command.StartInfo(id))!;
        guard.Own(process.Id, id);
        return new WorkerProcess(process, guard, say);
    }

    /// <summary>Waits for its end and for the last of its output.</summary>
    public async Task ExitedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(_output, Task.Delay(LastWords, cancellationToken));
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _guard.Disown(Id);
        EndLeash();
        _process.Dispose();
    }

    private void EndLeash()
    {
        try
        {
            _process.StandardInput.WriteLine("ended");
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone as well.
        }
    }

    private static async Task ForwardAsync(StreamReader reader, Action<string> say)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            say(line);
        }
    }
}
