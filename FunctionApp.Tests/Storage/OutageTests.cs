using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Npgsql;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class OutageTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown)]
    [InlineData(PostgresErrorCodes.CannotConnectNow)]
    [InlineData(PostgresErrorCodes.TooManyConnections)]
    [InlineData(PostgresErrorCodes.ConnectionFailure)]
    [InlineData(PostgresErrorCodes.InvalidPassword)]
    [InlineData(PostgresErrorCodes.InvalidCatalogName)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction)]
    [InlineData(PostgresErrorCodes.DiskFull)]
    [InlineData("57P05")]
    [InlineData("25P03")]
    [InlineData(PostgresErrorCodes.InsufficientResources)]
    public void ServerThatLetsNobodyWork_IsAnOutage(string code) => Assert.True(Outage.Is(Error(code)));

    [Theory]
    [InlineData(PostgresErrorCodes.QueryCanceled)]
    [InlineData("25P04")]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    [InlineData(PostgresErrorCodes.OutOfMemory)]
    [InlineData(PostgresErrorCodes.LockNotAvailable)]
    [InlineData(PostgresErrorCodes.UndefinedTable)]
    [InlineData(PostgresErrorCodes.DivisionByZero)]
    public void StatementThatFails_IsNone(string code) => Assert.False(Outage.Is(Error(code)));

    [Fact]
    public void LineThatBreaks_IsAnOutage()
    {
        Assert.True(Outage.Is(new NpgsqlException("read", new IOException())));
        Assert.True(Outage.Is(new NpgsqlException("connect", new SocketException())));
        Assert.True(Outage.Is(new NpgsqlException("handshake", new System.Security.Authentication.AuthenticationException())));
        Assert.True(Outage.Is(new RequestFailedException(403, "its key was changed")));
        Assert.False(Outage.Is(new RequestFailedException(409, "there already")));
        Assert.True(Outage.Is(new NpgsqlException("admission", Error(PostgresErrorCodes.AdminShutdown))));
        Assert.False(Outage.Is(new InvalidOperationException("bug")));
    }

    [Fact]
    public void ListedHosts_OfWhichNoneCanBeUsed_AreAnOutage()
    {
        static NpgsqlException Hosts(params Exception[] failures) => new("Unable to connect to a suitable host.", new AggregateException(failures));

        Assert.True(Outage.Is(Hosts(new NpgsqlException("connect", new SocketException()), Error(PostgresErrorCodes.CannotConnectNow))));
        Assert.False(Outage.Is(Hosts(new NpgsqlException("connect", new SocketException()), new InvalidOperationException("bug"))));
    }

    [Fact]
    public void StorageThatAnswersTooLate_IsAnOutage()
    {
        var late = new AggregateException("Retry failed after 3 tries.", new TaskCanceledException("network timeout"), new RequestFailedException(0, "refused"));

        Assert.True(Outage.Is(late));
        Assert.True(Outage.IsOfService(late));
        Assert.False(Outage.Is(new TaskCanceledException()));
        Assert.False(Outage.Is(new AggregateException(new TaskCanceledException(), new InvalidOperationException("bug"))));
    }

    [Fact]
    public async Task StorageThatTakesConnectionsAndNeverAnswers_IsAnOutage()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(); // The backlog takes the connections.
        var queue = new JobQueue(new SlowlaneOptions { Storage = $"AccountName=a;AccountKey=a2V5;QueueEndpoint=http://{silent.LocalEndpoint}/a;", Database = "" });

        var failure = await Record.ExceptionAsync(() => queue.PingAsync(TestContext.Current.CancellationToken));

        Assert.NotNull(failure);
        Assert.True(Outage.Is(failure));
        Assert.True(Outage.IsOfService(failure));
    }

    [Fact]
    public void CallerWhoHangsUp_IsNone()
    {
        Assert.False(Outage.Is(new TaskCanceledException()));
        Assert.False(Outage.IsOfService(new OperationCanceledException()));
    }

    [Fact]
    public void IdentityThatIsNotLetIn_IsAnOutage()
    {
        Assert.True(Outage.Is(new RequestFailedException(403, "no role yet")));
        Assert.True(Outage.Is(new AuthenticationFailedException("no token")));
        Assert.True(Outage.IsOfService(new AuthenticationFailedException("no token")));
        Assert.False(Outage.Is(new RequestFailedException(409, "conflict")));
    }

    [Fact]
    public void AnyFailureOfAService_TellsTheCallerToComeBack()
    {
        Assert.True(Outage.IsOfService(Error(PostgresErrorCodes.UndefinedTable)));
        Assert.True(Outage.IsOfService(new AggregateException(new RequestFailedException(403, "wrong key"))));
        Assert.False(Outage.IsOfService(new InvalidOperationException("bug")));
    }

    private static PostgresException Error(string code) => new("message", "ERROR", "ERROR", code);
}
