using Npgsql;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Finds the attempts that failed by the state of the database and not by their job: its SQL lacks a name or a right that the app is to have.</summary>
/// <remarks>Jobs are claimed while the last check of the schema holds, so an attempt may meet what an operator has changed since.</remarks>
internal sealed class EnvironmentFaults(DatabaseProbe database)
{
    /// <summary>Gives those attempts the failure that is not charged.</summary>
    public async Task<IReadOnlyList<AttemptResult>> FindAsync(IReadOnlyList<AttemptResult> ended, CancellationToken cancellationToken)
        => ended.Any(IsPossible) && await database.AskAnewAsync(cancellationToken) is { Writes: false, Reason: { } reason }
            ? [.. ended.Select(result => IsPossible(result) ? result with { Failure = new DatabaseNotReadyException(reason, result.Failure) } : result)]
            : ended;

    private static bool IsPossible(AttemptResult result) => IsOfANameOrARight(result.Failure as PostgresException ?? result.Failure?.InnerException as PostgresException);

    private static bool IsOfANameOrARight(PostgresException? failure)
        => failure is { SqlState: ['4', '2', ..] or ['3', 'F', ..] } && !SqlState.IsRaised(failure) && !ForeignServer.Is(failure);
}
