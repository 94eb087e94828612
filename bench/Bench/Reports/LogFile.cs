namespace Slowlane.Bench.Reports;

/// <summary>Where <c>--log</c> keeps what the processes say.</summary>
internal static class LogFile
{
    /// <summary>Written to from any thread, and at once. Null keeps nothing.</summary>
    public static TextWriter Open(string? file) => file is null ? TextWriter.Null : TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
}
