using System.Globalization;
using System.Net;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>One process of a variant, with all that it starts.</summary>
internal sealed class Server : IDisposable
{
    private const int Kept = 30;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;
    private readonly ServerCommand _command;
    private readonly Action<string> _say;
    private readonly Queue<string> _lastWords = new();
    private readonly TaskCompletionSource<IPEndPoint?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Server(ChildProcess process, ServerCommand command, Action<string> say)
    {
        _process = process;
        _command = command;
        _say = say;
    }

    public int Id => _process.Id;

    /// <summary>Where it listens, once it is ready and if it says so.</summary>
    public IPEndPoint? Address { get; private set; }

    /// <summary>The process below it that computes, the first if there are several; null while there is none.</summary>
    public int? Worker { get; private set; }

    public static Server Start(ServerCommand command, string folder, string temporary, Action<string> say)
    {
        var settings = new Dictionary<string, string>(command.Environment, StringComparer.Ordinal) { ["TMPDIR"] = temporary }; // A killed process leaves what it has there.
        var server = new Server(ChildProcess.Start(command.File, command.Arguments, settings, folder), command, say);
        server._process.Listen(server.Heard, () => server._ready.TrySetException(new InvalidOperationException($"{command.File} ended at its start:\n{server.LastWords()}")));
        return server;
    }

    /// <exception cref="InvalidOperationException">It ended, or took too long; with its last words.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        if (_command.AddressAfter is null && _command.ReadyText is null)
        {
            return;
        }

        try
        {
            Address = await _ready.Task.WaitAsync(StartTimeout, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{_command.File} was not ready within {StartTimeout.TotalSeconds} s:\n{LastWords()}", e);
        }
    }

    /// <summary>kill -9 of the process and of all below it.</summary>
    public Task KillAsync()
    {
        ProcessTree.Kill(ProcessTree.Of(Id));
        return _process.ExitedAsync();
    }

    /// <summary>Asks it to end, and ends what is left of it when it takes too long.</summary>
    public async Task StopAsync()
    {
        var tree = ProcessTree.Of(Id);
        if (tree.Count > 0)
        {
            Signals.Send(Id, Signals.Terminate);
            using var late = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.ExitedAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                _say($"{_command.File} ({Id}) did not end when asked");
                tree = [.. tree.Union(ProcessTree.Of(Id))];
            }
        }

        ProcessTree.Kill(tree);
        await _process.ExitedAsync();
    }

    public void Dispose() => _process.Dispose();

    private void Heard(string line)
    {
        _say(line);
        lock (_lastWords)
        {
            _lastWords.Enqueue(line);
            if (_lastWords.Count > Kept)
            {
                _lastWords.Dequeue();
            }
        }

        if (_command.WorkerAfter is { } before && line.StartsWith(before, StringComparison.Ordinal))
        {
            Worker = int.Parse(line[before.Length..], CultureInfo.InvariantCulture);
        }

        if (_command.AddressAfter is { } words && AddressIn(line, words) is { } address)
        {
            _ready.TrySetResult(address);
        }
        else if (_command.ReadyText is { } text && line.Contains(text, StringComparison.Ordinal))
        {
            _ready.TrySetResult(null);
        }
    }

    /// <summary>The address in a line such as <c>running on http://127.0.0.1:8000 (…)</c>, whatever space is in it.</summary>
    internal static IPEndPoint? AddressIn(string line, string words)
    {
        var bare = string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) + ' ';
        var at = bare.IndexOf(words, StringComparison.Ordinal);
        return at >= 0 && Uri.TryCreate(bare[(at + words.Length)..].Split(' ')[0], UriKind.Absolute, out var uri)
            ? new IPEndPoint(IPAddress.Loopback, uri.Port)
            : null;
    }

    private string LastWords()
    {
        lock (_lastWords)
        {
            return string.Join('\n', _lastWords);
        }
    }
}
