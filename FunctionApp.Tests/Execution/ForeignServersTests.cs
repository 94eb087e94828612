using Npgsql;
using Slowlane.Execution.SqlFaults;
using Xunit;

namespace Slowlane.Tests.Execution;

[Trait("Category", "Fast")]
public sealed class ForeignServersTests
{
    [Theory]
    [InlineData("could not connect to server \"rem2\"", "rem2")]
    [InlineData("could not connect to server \"rem-2\"", "rem-2")]
    [InlineData("konnte nicht mit Server »rem« verbinden", "rem")]
    [InlineData("could not connect to server \"other\"", "rem rem2 rem-2 server")]
    public void Server_ThatAMessageNames_IsTheOneOfThatName(string message, string meant)
    {
        var failure = new PostgresException(message, "ERROR", "ERROR", PostgresErrorCodes.ConnectionException);

        Assert.Equal(meant, string.Join(' ', ForeignServers.Meant(failure, [Candidate("rem"), Candidate("rem2"), Candidate("rem-2"), Candidate("server")]).Select(candidate => candidate.Name)));
    }

    [Theory]
    [InlineData("user", "alter user mapping for slowlane_job server rem options (set user '…', add password '…')")]
    [InlineData(null, "drop user mapping if exists for slowlane_job server rem; create user mapping for slowlane_job server rem options (user '…', password '…' /* and its other options */)")]
    public void UserMapping_WhoseOptionsAreHidden_IsMadeAnew(string? option, string statement)
    {
        var failure = new PostgresException("password is required", "ERROR", "ERROR", "2F003");

        var remedy = ForeignRemedy.Of(failure, ForeignFault.Login, isWrite: false, [Candidate("rem") with { UserOptions = option is null ? null : [option] }]);

        Assert.Equal($"Correct the user and the password of its user mapping ({statement}).", remedy);
    }

    private static ForeignCandidate Candidate(string name) => new(name, name, [], "slowlane_job", [], null, null, [], null, IsRead: false);
}
