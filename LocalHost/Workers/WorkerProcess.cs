using System.Diagnostics;
using Slowlane.LocalHost.Services;

namespace Slowlane.LocalHost.Workers;

/// <summary>One worker process, from its start to its end. The guard ends it if this process is gone.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>The maximum time to read its last output. A child of the worker may hold the output open forever.</summary>
    private static readonly TimeSpan MaxOutputWait = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Guard _guard;
    private readonly Task _output;
    private readonly StartErrors _errors;

    private WorkerProcess(Process process, Guard guard, Action<string> say)
    {
        _process = process;
        _guard = guard;
        Id = process.Id;
        _errors = new StartErrors(say);
        _output = Task.WhenAll(ForwardAsync(process.StandardOutput, say), ForwardAsync(process.StandardError, _errors.Write));
    }

    public int Id { get; }

    /// <summary>Whether it ended in order to be restarted: with the exit code that the platform treats as an intentional restart.</summary>
    public bool IsRecycled => _process.ExitCode == 200;

    /// <summary>
    /// What it wrote about its settings, if it ended because it can't use them: with the exit code of a configuration error (<c>EX_CONFIG</c> of
    /// sysexits.h). Otherwise null.
    /// </summary>
    public string? Misconfiguration => _process.ExitCode != 78 ? null
        : _errors.Buffered is { Length: > 0 } sentence ? sentence
        : $"The worker process {Id} ended with exit code 78, because its settings can't be used; its output is above.";

    /// <summary>How it ended, as part of a sentence.</summary>
    public string Ending => IsRecycled ? "recycled itself" : _process.ExitCode is > 128 and < 160 and var code && !OperatingSystem.IsWindows()
        ? $"was ended by signal {code - 128}"
        : $"ended with exit code {_process.ExitCode}";

    /// <param name="command">The command to start.</param>
    /// <param name="id">The id by which the worker identifies itself.</param>
    /// <param name="guard">The guard that ends the worker if this process is gone.</param>
    /// <param name="say">Receives its output, line by line.</param>
    public static WorkerProcess Start(WorkerCommand command, string id, Guard guard, Action<string> say)
    {
        // If this process dies while a worker starts, the worker finds no host and ends by itself.
        var process = Process.Start(command.StartInfo(id))!;
        guard.Own(process.Id, id);
        return new WorkerProcess(process, guard, say);
    }

    /// <summary>Waits until the process has ended and its last output is read.</summary>
    public async Task ExitedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(_output, Task.Delay(MaxOutputWait, cancellationToken));
    }

    /// <summary>Says what the worker wrote on standard error during its start, and from now on each line as it comes.</summary>
    public void ReleaseErrors() => _errors.Release();

    /// <summary>Kills the process.</summary>
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
            // The process has already ended.
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
