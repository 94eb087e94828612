namespace Slowlane.Bench.Compare.Plan;

/// <summary>A process of a variant.</summary>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments: nothing secret.</param>
/// <param name="Environment">Variables on top of the bench's own.</param>
internal sealed record ServerCommand(string File, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>What precedes the address in the line that says where the process listens; null when it doesn't.</summary>
    public string? AddressAfter { get; init; }

    /// <summary>What precedes the id of a process that computes in the line that says it was started; null where nothing says so, and the first child computes.</summary>
    public string? WorkerAfter { get; init; }

    /// <summary>What it says when it can be used; null when there is nothing to wait for.</summary>
    public string? ReadyText { get; init; }
}
