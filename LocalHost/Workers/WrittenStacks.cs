namespace Slowlane.LocalHost.Workers;

/// <summary>
/// The stacks of failed functions that are already on the console. A message that fails at each delivery fails with the same stack, which is
/// written only once.
/// </summary>
/// <param name="isVerbose">Whether every stack is written every time.</param>
internal sealed class WrittenStacks(bool isVerbose)
{
    /// <summary>An app has fewer ways to fail than this. At this number the set is cleared, and each stack is written once more.</summary>
    private const int MaxStacks = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _stacks = new(StringComparer.Ordinal);

    /// <summary>Whether a failure is to be written with its stack. Records that it is.</summary>
    /// <param name="failure">The text of an exception. Only its stack is compared, because its message may change each time.</param>
    public bool Add(string failure)
    {
        var stack = string.Join('\n', failure.Split('\n').Where(static line => line.StartsWith("   at ", StringComparison.Ordinal)));
        lock (_gate)
        {
            if (_stacks.Count == MaxStacks)
            {
                _stacks.Clear();
            }

            return _stacks.Add(stack) || isVerbose;
        }
    }
}
