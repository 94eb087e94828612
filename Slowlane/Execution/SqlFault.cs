using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution;

/// <summary>Explains to the caller why the SQL of a job type was refused or stopped. Pure.</summary>
internal static class SqlFault
{
    /// <summary>Whether an administrator can remove the reason of an error: a right is missing, or a limit was exceeded.</summary>
    public static bool IsExplained(PostgresException failure)
        => failure.SqlState is PostgresErrorCodes.InsufficientPrivilege || SqlState.Judge(failure.SqlState) is SqlVerdict.Limit;

    /// <summary>The reason of an error that <see cref="IsExplained"/>.</summary>
    /// <param name="type">The name of the job type.</param>
    /// <param name="failure">The error of its SQL.</param>
    /// <param name="isWrite">Whether the type was writing its result.</param>
    public static JobException Of(string type, PostgresException failure, bool isWrite)
        => failure.SqlState is PostgresErrorCodes.InsufficientPrivilege ? JobRole.Denied(type, failure, isWrite) : Stopped(type, failure, isWrite);

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
