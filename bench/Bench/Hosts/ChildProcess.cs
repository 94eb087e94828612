using System.Diagnostics;

namespace Slowlane.Bench.Hosts;

/// <summary>A process that this one started, and what it says.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Variables on top of this process's own.</param>
    /// <param name="folder">Where it runs; null for this process's own folder.</param>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <param name="heard">Given each line of its output, from any thread.</param>
    /// <param name="ended">Called when it has ended.</param>
    public void Listen(Action<string> heard, Action? ended = null)
    {
        _process.OutputDataReceived += Heard;
        _process.ErrorDataReceived += Heard;
        if (ended is not null)
        {
            _process.EnableRaisingEvents = true;
            _process.Exited += (_, _) => ended();
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Heard(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
            {
                heard(text);
            }
        }
    }

    public Task ExitedAsync(CancellationToken cancellationToken = default) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose() => _process.Dispose();
}
