namespace Slowlane.LocalHost.Workers;

/// <summary>How a worker ended.</summary>
/// <param name="What">What ended and how, as part of a sentence.</param>
/// <param name="HasRun">Whether the process started.</param>
/// <param name="IsRecycled">Whether the worker requested a restart.</param>
/// <param name="Misconfiguration">Why the worker can't use its settings. Null if it did not end for that reason.</param>
/// <param name="Refusal">Why the worker can't run the app, so that it was killed. Null if it did not end for that reason.</param>
internal sealed record WorkerEnd(string What, bool HasRun, bool IsRecycled, string? Misconfiguration, string? Refusal);
