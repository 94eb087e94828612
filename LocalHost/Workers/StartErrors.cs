namespace Slowlane.LocalHost.Workers;

/// <summary>
/// The error output of a worker. It is buffered until the worker's start has ended, because it may be the sentence about a setting, which every worker
/// writes and the host says once.
/// </summary>
internal sealed class StartErrors(Action<string> say)
{
    private readonly Lock _gate = new();
    private List<string>? _buffered = [];

    /// <summary>What is buffered, as one text.</summary>
    public string Buffered
    {
        get
        {
            lock (_gate)
            {
                return string.Join(Environment.NewLine, _buffered ?? []);
            }
        }
    }

    public void Write(string line)
    {
        lock (_gate)
        {
            if (_buffered is not null)
            {
                _buffered.Add(line);
                return;
            }

            say(line);
        }
    }

    /// <summary>Says what is buffered, and from now on each line as it comes.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _buffered?.ForEach(say);
            _buffered = null;
        }
    }
}
