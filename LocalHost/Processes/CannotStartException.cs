namespace Slowlane.LocalHost.Processes;

/// <summary>Why the process can't start, as a sentence for the person at the terminal.</summary>
internal sealed class CannotStartException(string sentence, int exitCode = 1) : Exception(sentence)
{
    /// <summary>1 when something is in the way; 2 when the command line or the settings are wrong.</summary>
    public int ExitCode { get; } = exitCode;

    public static CannotStartException Usage(string sentence) => new(sentence, 2);
}
