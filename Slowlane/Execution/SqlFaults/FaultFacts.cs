using Npgsql;
using Slowlane.Resilience;

namespace Slowlane.Execution.SqlFaults;

/// <summary>What the catalog adds to an error of a job's SQL.</summary>
/// <param name="Denied">The objects that a refusal may mean.</param>
/// <param name="Servers">The foreign servers that an error of another server may mean.</param>
/// <param name="Foreign">What is wrong with that server.</param>
internal sealed record FaultFacts(IReadOnlyList<DeniedCandidate> Denied, IReadOnlyList<ForeignCandidate> Servers, ForeignFault Foreign)
{
    /// <summary>The facts of the error alone.</summary>
    public static FaultFacts Of(PostgresException failure) => new([], [], ForeignFaults.Of(failure));

    /// <summary>Whether the catalog can add something.</summary>
    public static bool AreSought(PostgresException failure) => SqlFault.IsDenial(failure) || (ForeignServer.Is(failure) && failure.File is not "dblink.c");

    /// <summary>Asks the catalog, on a connection with the rights of the app's user, in no transaction.</summary>
    public static async Task<FaultFacts> FindAsync(PostgresException failure, bool isWrite, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (SqlFault.IsDenial(failure))
        {
            return Of(failure) with { Denied = await DeniedObjects.FindAsync(failure, isWrite, SchemaObjects.Tables, connection, cancellationToken) };
        }

        var facts = Of(failure) with { Servers = await ForeignServers.FindAsync(failure, connection, cancellationToken) };
        return facts is { Foreign: ForeignFault.Away, Servers: [{ Table: { } table }, ..] }
            ? facts with { Foreign = await ForeignLogin.AskAsync(table, connection, cancellationToken) }
            : facts;
    }
}
