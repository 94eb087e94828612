using System.Data;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>What happens to a table between a transaction's snapshot and its first look at the table.</summary>
public sealed class TableRewritesTests : IAsyncLifetime
{
    private static readonly ProfileSource Source = new() { Table = "public.t", Kind = "table", Columns = [] };

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync("create table t as select n from generate_series(1, 100) n; create index t_n on t (n); create table other (n int)");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("create index t_again on t (n)")]
    [InlineData("reindex table t")]
    [InlineData("insert into t select n from generate_series(1, 100) n")]
    [InlineData("truncate other")]
    [InlineData("analyze t")]
    public async Task Change_ThatLeavesTheSnapshotItsRows_IsNoRewrite(string change) => Assert.False(await IsRewrittenAsync(change));

    [Theory]
    [InlineData("truncate t")]
    [InlineData("alter table t alter n type bigint")]
    public async Task Change_ThatTakesTheSnapshotItsRows_IsARewrite(string change) => Assert.True(await IsRewrittenAsync(change));

    private async Task<bool> IsRewrittenAsync(string change)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Cancellation);
        await using var snapshot = new NpgsqlCommand("select pg_current_snapshot()::text", connection, transaction);
        await snapshot.ExecuteNonQueryAsync(Cancellation);
        await _database.ExecuteAsync(change);
        try
        {
            await TableRewrites.LockAsync(Source, connection, Cancellation);
            return false;
        }
        catch (JobException e) when (e.Code is "table-rewritten")
        {
            return true;
        }
    }
}
