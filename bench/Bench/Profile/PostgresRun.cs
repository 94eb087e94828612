namespace Slowlane.Bench.Profile;

/// <summary>What PostgreSQL took and found.</summary>
/// <param name="Form">How it was asked.</param>
/// <param name="Seconds">From the first statement to the last figure.</param>
/// <param name="PeakMiB">The most its process had resident, the shared buffers it touched among it.</param>
/// <param name="Processor">Of its process, in seconds; parallel workers apart.</param>
/// <param name="Figures">As text, by column and figure.</param>
internal sealed record PostgresRun(string Form, double Seconds, double PeakMiB, double Processor, IReadOnlyDictionary<string, string> Figures);
