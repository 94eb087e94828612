namespace Slowlane.LocalHost.Workers;

/// <summary>The stacks of failed functions that are on the console already. A message that fails at each of its deliveries fails with the same one.</summary>
/// <param name="isVerbose">Whether each is written each time.</param>
internal sealed class WrittenStacks(bool isVerbose)
{
    /// <summary>An app has not so many ways to fail; should it have, all are written once more.</summary>
    private const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _stacks = new(StringComparer.Ordinal);

    /// <summary>Whether a failure is to be written with its stack; notes that it is.</summary>
    /// <param name="failure">An exception as it prints itself: only its stack counts, its words may change from time to time.</param>
    public bool Add(string failure)
    {
        var stack = string.Join('\n', failure.Split('\n').Where(static line => line.StartsWith("   at ", StringComparison.Ordinal)));
        lock (_gate)
        {
            if (_stacks.Count == Most)
            {
                _stacks.Clear();
            }

            return _stacks.Add(stack) || isVerbose;
        }
    }
}
