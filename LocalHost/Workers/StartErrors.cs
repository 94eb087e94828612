namespace Slowlane.LocalHost.Workers;

/// <summary>
/// The error output of a worker. It is held until the worker's start has ended, because it may be the sentence about a setting, which every worker
/// writes and the host says once.
/// </summary>
internal sealed class StartErrors(Action<string> say)
{
    private readonly Lock _gate = new();
    private List<string>? _held = [];

    /// <summary>What is held, as one text.</summary>
    public string Held
    {
        get
        {
            lock (_gate)
            {
                return string.Join(Environment.NewLine, _held ?? []);
            }
        }
    }

    public void Write(string line)
    {
        lock (_gate)
        {
            if (_held is not null)
            {
                _held.Add(line);
                return;
            }

            say(line);
        }
    }

    /// <summary>Says what is held, and from now on each line as it comes.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _held?.ForEach(say);
            _held = null;
        }
    }
}
