using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace Slowlane.LocalHost.Processes;

/// <summary>One worker process, from its start to its end.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly string? Nice = Array.Find(["/usr/bin/nice", "/bin/nice"], File.Exists);

    private readonly Process _process;
    private readonly Task _output;
    private readonly Channel<string> _rings = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _ringing;

    private WorkerProcess(Process process, Action<string> say)
    {
        _process = process;
        _output = Task.WhenAll(ForwardAsync(process.StandardOutput, say), ForwardAsync(process.StandardError, say));
        _ringing = RingAsync();
        Id = process.Id;
    }

    public int Id { get; }

    /// <summary>True when it ended to be started again: the exit code that the real host takes for an intentional restart.</summary>
    public bool Recycled => _process.ExitCode == 200;

    /// <summary>How it ended, for a sentence.</summary>
    public string Ending => Recycled ? "recycled itself" : _process.ExitCode is > 128 and < 160 and var code && !OperatingSystem.IsWindows()
        ? $"was ended by signal {code - 128}"
        : $"ended with exit code {_process.ExitCode}";

    /// <param name="command">What to start.</param>
    /// <param name="say">Given its output, line by line.</param>
    public static WorkerProcess Start(WorkerCommand command, Action<string> say)
    {
        var process = Process.Start(command.StartInfo(Nice))!;
        if (Nice is null)
        {
            LowerPriority(process);
        }

        return new WorkerProcess(process, say);
    }

    /// <summary>Waits for its end and for the last of its output.</summary>
    public async Task ExitedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _output.WaitAsync(cancellationToken);
    }

    /// <summary>Tells it that a message may have been sent. Never waits: one ring on its way stands for all that follow.</summary>
    public void Ring() => _rings.Writer.TryWrite(ParentWatch.Ring);

    /// <summary>Asks it to hand back its jobs and end, and ends it when it takes longer than that.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        _rings.Writer.TryComplete();
        try
        {
            await _ringing.WaitAsync(late.Token);
            await _process.StandardInput.WriteLineAsync(ParentWatch.Stop);
            _process.StandardInput.Close();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // It has ended by itself, or doesn't listen any more.
        }

        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _rings.Writer.TryComplete();
        _process.Dispose();
    }

    private static async Task ForwardAsync(StreamReader reader, Action<string> say)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            say(line);
        }
    }

    private async Task RingAsync()
    {
        try
        {
            await foreach (var ring in _rings.Reader.ReadAllAsync())
            {
                await _process.StandardInput.WriteLineAsync(ring);
                await _process.StandardInput.FlushAsync();
            }
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    private static void LowerPriority(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            // Not allowed here, or it has ended: it runs as it is.
        }
    }
}
