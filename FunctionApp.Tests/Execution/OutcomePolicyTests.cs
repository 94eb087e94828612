using System.Net.Sockets;
using Azure;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Xunit;

namespace Slowlane.Tests.Execution;

[Trait("Category", "Fast")]
public sealed class OutcomePolicyTests
{
    private static readonly JobOptions Options = new() { MaxAttempts = 3, Backoff = TimeSpan.FromSeconds(4), MaxBackoff = TimeSpan.FromSeconds(60) };
    private static readonly Exception DatabaseGone = new NpgsqlException("gone", new SocketException());
    private static readonly Exception StorageGone = new RequestFailedException(503, "busy");
    private static readonly Exception Bug = new InvalidOperationException("bug");
    private static readonly JobException Passing = new("table-locked", "Locked.", "Table 'x' is locked.") { IsTransient = true };
    private static readonly JobException Permanent = new("unknown-table", "No such table.", "There is no table 'x'.");

    private static readonly Dictionary<string, (Exception? Failure, StopReason Stop, int Attempt, int Outages, Outcome Outcome)> Table = new(StringComparer.Ordinal)
    {
        ["written"] = (null, StopReason.None, 1, 0, new Outcome.Succeeded()),
        ["written although stopping"] = (null, StopReason.Shutdown, 1, 0, new Outcome.Succeeded()),
        ["written although the lease seemed lost"] = (null, StopReason.LeaseLost, 1, 0, new Outcome.Succeeded()),
        ["fence refused the write"] = (new LeaseLostException(), StopReason.None, 1, 0, new Outcome.LeaseLost()),
        ["cancelled by the heartbeat"] = (new OperationCanceledException(), StopReason.LeaseLost, 1, 0, new Outcome.LeaseLost()),
        ["parts cut off"] = (new PartitionRunLostException("gone"), StopReason.None, 3, 0, new Outcome.Interrupted(TimeSpan.FromSeconds(1))),
        ["parts cut off by shutdown"] = (new PartitionRunLostException("gone"), StopReason.Shutdown, 3, 0, new Outcome.Released(TimeSpan.Zero)),
        ["permanent, but no longer ours"] = (Permanent, StopReason.LeaseLost, 1, 0, new Outcome.LeaseLost()),
        ["written although cancelled"] = (null, StopReason.Cancelled, 1, 0, new Outcome.Succeeded()),
        ["written although over its limit"] = (null, StopReason.TimeLimit, 1, 0, new Outcome.Succeeded()),
        ["cancelled"] = (new OperationCanceledException(), StopReason.Cancelled, 1, 0, new Outcome.Cancelled()),
        ["cancelled, and broken by it at the last attempt"] = (Bug, StopReason.Cancelled, 3, 0, new Outcome.Cancelled()),
        ["cancelled, and permanent"] = (Permanent, StopReason.Cancelled, 1, 0, new Outcome.Cancelled()),
        ["cancelled while the database was gone"] = (DatabaseGone, StopReason.Cancelled, 1, 0, new Outcome.Cancelled()),
        ["cancelled, but no longer ours"] = (new LeaseLostException(), StopReason.Cancelled, 1, 0, new Outcome.LeaseLost()),
        ["over its limit, but permanent"] = (Permanent, StopReason.TimeLimit, 1, 0, new Outcome.Failed(new JobError("unknown-table", "No such table.", "There is no table 'x'."))),
        ["permanent"] = (Permanent, StopReason.None, 1, 0, new Outcome.Failed(new JobError("unknown-table", "No such table.", "There is no table 'x'."))),
        ["cut off by shutdown"] = (new OperationCanceledException(), StopReason.Shutdown, 3, 0, new Outcome.Released(TimeSpan.Zero)),
        ["broken by shutdown"] = (Bug, StopReason.Shutdown, 3, 0, new Outcome.Released(TimeSpan.Zero)),
        ["database gone at the last attempt"] = (DatabaseGone, StopReason.None, 3, 0, new Outcome.Interrupted(TimeSpan.FromSeconds(1))),
        ["storage gone"] = (StorageGone, StopReason.None, 3, 0, new Outcome.Interrupted(TimeSpan.FromSeconds(1))),
        ["database gone for the tenth time"] = (DatabaseGone, StopReason.None, 3, 9, new Outcome.Interrupted(TimeSpan.FromSeconds(1))),
        ["no connection for its SQL, again and again"] = (new JobConnectionException(new Npgsql.NpgsqlException("full")), StopReason.None, 3, 10, new Outcome.Released(TimeSpan.FromSeconds(1))),
        ["tables that can't be used, again and again"] = (new DatabaseNotReadyException("no table"), StopReason.None, 3, 10, new Outcome.Released(TimeSpan.FromSeconds(1))),
        ["refused by the database"] = (new StatementRefusedException(new RowDroppedException()), StopReason.None, 3, 10, new Outcome.Released(TimeSpan.FromSeconds(30))),
        ["passing, at the last attempt"] = (Passing, StopReason.None, 3, 0, new Outcome.Failed(new JobError("table-locked", "Locked.", "Table 'x' is locked."))),
        ["passing, attempts left"] = (Passing, StopReason.None, 1, 0, new Outcome.Retry(TimeSpan.FromSeconds(4), new JobError("table-locked", "Locked.", "Table 'x' is locked."))),
    };

    public static TheoryData<string> Circumstances => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Circumstances))]
    public void Attempt_EndsAsTheTableSays(string circumstance)
    {
        var (failure, stop, attempt, outages, outcome) = Table[circumstance];

        Assert.Equal(outcome, OutcomePolicy.Decide(failure, stop, attempt, outages, Options, random: 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Attempt_WhoseCodeFailedInAPart_EndsAsIfItHadFailedWhole(int attempt) => Assert.Equal(
        OutcomePolicy.Decide(Bug, StopReason.None, attempt, 0, Options, random: 0),
        OutcomePolicy.Decide(PartitionResult.Failed(Bug).Failure(), StopReason.None, attempt, 0, Options, random: 0));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attempt_RefusedByAPart_EndsAsIfItHadBeenRefusedWhole(bool mayPass)
    {
        var reason = mayPass ? Passing : Permanent;

        Assert.Equal(
            OutcomePolicy.Decide(reason, StopReason.None, 1, 0, Options, random: 0),
            OutcomePolicy.Decide(PartitionResult.Refused(reason).Failure(), StopReason.None, 1, 0, Options, random: 0));
    }

    [Fact]
    public void Attempt_OverItsLimit_FailsAtOnceAndNamesTheLimit()
    {
        var failed = Assert.IsType<Outcome.Failed>(OutcomePolicy.Decide(new OperationCanceledException(), StopReason.TimeLimit, 1, 0, Options, random: 0));

        Assert.Equal("time-limit", failed.Error.Type);
        Assert.Contains("01:00:00", failed.Error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 8)]
    public void Failure_WithAttemptsLeft_IsTriedAgainLater(int attempt, double seconds)
    {
        var retry = Assert.IsType<Outcome.Retry>(OutcomePolicy.Decide(Bug, StopReason.None, attempt, 0, Options, random: 0));

        Assert.Equal(TimeSpan.FromSeconds(seconds), retry.After);
        Assert.Equal("attempt-failed", retry.Error.Type);
    }

    [Fact]
    public void Failure_OfAStatement_NamesPostgresqlsCodeWholeAndInAPart()
    {
        var denied = new PostgresException("column \"pin 1234\" does not exist", "ERROR", "ERROR", PostgresErrorCodes.UndefinedColumn);

        foreach (var failure in new[] { denied, PartitionResult.Failed(denied).Failure() })
        {
            var failed = Assert.IsType<Outcome.Failed>(OutcomePolicy.Decide(failure, StopReason.None, 3, 0, Options, random: 0));
            Assert.Contains("PostgresException 42703.", failed.Error.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("1234", failed.Error.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Failure_AtTheLastAttempt_FailsTheJobAndKeepsSecretsBack()
    {
        var failed = Assert.IsType<Outcome.Failed>(OutcomePolicy.Decide(Bug, StopReason.None, 3, 0, Options, random: 0));

        Assert.Equal("attempts-used", failed.Error.Type);
        Assert.DoesNotContain("bug", failed.Error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Outage_ThatComesBackAgainAndAgain_IsChargedToTheJob()
        => Assert.IsType<Outcome.Retry>(OutcomePolicy.Decide(DatabaseGone, StopReason.None, 1, OutcomePolicy.FreeOutages, Options, random: 0));
}
