using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution.SqlFaults;

/// <summary>Explains to the caller why the SQL of a job type was refused or stopped. Pure.</summary>
internal static class SqlFault
{
    /// <summary>Whether an administrator can remove the reason of an error: a right is missing, a limit was exceeded, or another server refuses.</summary>
    public static bool IsExplained(PostgresException failure)
        => ForeignServer.Is(failure) || IsDenial(failure) || SqlState.IsLimit(failure);

    /// <summary>Whether the role of the jobs lacks a right.</summary>
    public static bool IsDenial(PostgresException failure)
        => failure.SqlState is PostgresErrorCodes.InsufficientPrivilege && failure.InvariantSeverity is not "FATAL" && !ForeignServer.Is(failure);

    /// <summary>The reason of an error that <see cref="IsExplained"/>.</summary>
    /// <param name="type">The name of the job type.</param>
    /// <param name="failure">The error of its SQL.</param>
    /// <param name="isWrite">Whether the type was writing its result.</param>
    /// <param name="facts">What the catalog adds.</param>
    public static JobException Of(string type, PostgresException failure, bool isWrite, FaultFacts facts)
        => ForeignServer.Is(failure) ? Foreign(type, failure, isWrite, facts)
            : IsDenial(failure) ? Denied(type, failure, isWrite, facts.Denied)
            : Stopped(type, failure, isWrite);

    private static JobException Foreign(string type, PostgresException failure, bool isWrite, FaultFacts facts)
        => new("foreign-server", "Another server that the job's SQL uses fails.", $"The SQL of job type '{type}' uses another server, which can't be reached or refuses ({failure.SqlState}: {failure.MessageText}). {ForeignRemedy.Of(failure, facts.Foreign, isWrite, facts.Servers)}", failure) { IsTransient = true };

    private static JobException Denied(string type, PostgresException failure, bool isWrite, IReadOnlyList<DeniedCandidate> denied)
    {
        var remedy = MissingGrant.Remedy(failure, isWrite, denied);
        return new("not-permitted", "The database refused the job's SQL.", $"The SQL of job type '{type}' was refused ({failure.MessageText}): it runs as the role {JobRole.Name}. {remedy} Then submit the job again.", failure);
    }

    private static JobException Stopped(string type, PostgresException failure, bool isWrite)
    {
        var (code, title, step) = isWrite
            ? ("writing-stopped", "The job's write was stopped.", "writes")
            : ("reading-stopped", "The job's reading was stopped.", "reads");
        return new(code, title, $"The SQL by which job type '{type}' {step} was stopped by the server ({failure.MessageText}). Raise {SettingOf(failure)} of the app's database user, or have the job do less at once.", failure) { IsTransient = true };
    }

    private static string SettingOf(PostgresException failure) => failure.SqlState switch
    {
        "25P04" => "transaction_timeout",
        PostgresErrorCodes.ConfigurationLimitExceeded => "temp_file_limit",
        _ => "statement_timeout",
    };
}
