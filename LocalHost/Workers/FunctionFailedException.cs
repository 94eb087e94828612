using Slowlane.LocalHost.Protocol;

namespace Slowlane.LocalHost.Workers;

/// <summary>A function failed in its worker.</summary>
/// <remarks>The durable extension reads the failure of an activity from the message.</remarks>
internal sealed class FunctionFailedException(StatusResult result)
    : Exception($"Result: {result.Result}\nException: {result.Exception?.Message}\nStack: {result.Exception?.StackTrace}")
{
    /// <summary>The reason in one line.</summary>
    public string Reason { get; } = (result.Exception?.Message ?? result.Result).Split('\n')[0].TrimEnd();
}
