namespace Slowlane.LocalHost.Settings;

/// <summary>The reason why the process can't start, as a sentence for the user at the terminal.</summary>
internal sealed class CannotStartException(string sentence, int exitCode = 1) : Exception(sentence)
{
    /// <summary>2 if the command line or the settings are wrong, otherwise 1.</summary>
    public int ExitCode { get; } = exitCode;

    public static CannotStartException Usage(string sentence) => new(sentence, 2);
}
