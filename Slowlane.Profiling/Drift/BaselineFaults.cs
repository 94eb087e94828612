using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Drift;

/// <summary>Explains to the caller why a job can't be the baseline. Pure.</summary>
internal static class BaselineFaults
{
    /// <summary>The error for a job that has left no profile of the table.</summary>
    public static JobException Of(JobId job, string table, BaselineJob? other)
        => new("unknown-baseline", "The baseline is no profile of the table", $"'baseline' is {job}, which {Reason(table, other)}. Send the id of a finished profile of {table}, or \"latest\".");

    /// <summary>The error for a role of jobs that may not execute the function which reads a baseline. The engine advises no grant on what is Slowlane's own.</summary>
    public static JobException Denied(PostgresException failure) => new(
        "not-permitted",
        "The baseline can't be read",
        $"The earlier profile can't be read ({failure.MessageText}). Run as the owner: grant execute on function slowlane.profile_baseline(text, uuid, json, double precision, boolean) to {JobRole.Name}. Then submit the job again.",
        failure);

    private static string Reason(string table, BaselineJob? other) => other switch
    {
        null => "has no profile: no such job has run, or it was deleted at the end of its retention",
        { Kind: "rows" } => "is a profile of sent rows, and not of a table",
        { Table: { } profiled } => $"is a profile of {profiled}, and not of {table}",
        { Status: "queued" or "running" } => $"is still {other.Status}",
        { Status: not "succeeded" } => $"has {(other.Status is "failed" ? "failed" : $"ended as {other.Status}")} and left no profile",
        _ => $"is a job of the type '{other.Type}', and no profile",
    };
}
