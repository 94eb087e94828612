using Npgsql;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Finds the attempts that failed by the state of the database and not by their job: its SQL lacks a name or a right that the app is to have.</summary>
/// <remarks>Jobs are claimed while the last check of the schema holds, so an attempt may meet what an operator has changed since.</remarks>
internal sealed class EnvironmentFaults(Database database)
{
    /// <summary>Gives those attempts the failure that is not charged. Throws nothing.</summary>
    public async Task<IReadOnlyList<AttemptResult>> FindAsync(IReadOnlyList<AttemptResult> ended, CancellationToken cancellationToken)
    {
        if (!ended.Any(IsPossible))
        {
            return ended;
        }

        try
        {
            await database.CheckAsync(cancellationToken);
            return ended;
        }
        catch (DatabaseNotReadyException e)
        {
            return [.. ended.Select(result => IsPossible(result) ? result with { Failure = new DatabaseNotReadyException(e.Message, result.Failure) } : result)];
        }
#pragma warning disable CA1031 // Without an answer, each attempt keeps the failure that it has. The outcomes have to be recorded.
        catch (Exception)
#pragma warning restore CA1031
        {
            return ended;
        }
    }

    private static bool IsPossible(AttemptResult result) => IsOfANameOrARight(result.Failure as PostgresException ?? result.Failure?.InnerException as PostgresException);

    private static bool IsOfANameOrARight(PostgresException? failure)
        => failure is { SqlState: ['4', '2', ..] or ['3', 'F', ..] } && !SqlState.IsRaised(failure) && !ForeignServer.Is(failure);
}
