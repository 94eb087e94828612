using System.Runtime.InteropServices;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Drift;

/// <summary>The profile to compare with: that of a job, or the latest one.</summary>
/// <param name="Job">The job. Null for the latest profile of the same table with the same <c>where</c>, <c>sample</c> and <c>rowSecurity</c>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BaselineInput(JobId? Job)
{
    /// <summary>The population stability index from which on a column counts as drifted, if the input says nothing else.</summary>
    public const double UsualThreshold = 0.25;

    private const double LeastThreshold = 0.01;
    private const double MostThreshold = 10;
    private const string Latest = "latest";

    /// <summary>Reads <c>baseline</c>. Null if there is none.</summary>
    public static BaselineInput? Read(InputReader reader)
    {
        if (reader.GetString("baseline", 40) is not { } text)
        {
            return null;
        }

        if (string.Equals(text, Latest, StringComparison.Ordinal))
        {
            return new(null);
        }

        if (JobId.TryParse(text, out var job))
        {
            return new(job);
        }

        reader.AddError("baseline", $"'baseline' is '{text}', which is no id of a job; send the id of an earlier profile of the table (40 digits), or \"{Latest}\".");
        return null;
    }

    /// <summary>Reads <c>driftThreshold</c>.</summary>
    public static double ReadThreshold(InputReader reader)
    {
        if (reader.Has("driftThreshold") && !reader.Has("baseline"))
        {
            reader.AddError("driftThreshold", "'driftThreshold' judges a comparison; send 'baseline' with it, or leave it out.");
        }

        return reader.GetDouble("driftThreshold", LeastThreshold, MostThreshold, UsualThreshold);
    }

    public override string ToString() => Job is { } job ? job.ToString() : Latest;
}
