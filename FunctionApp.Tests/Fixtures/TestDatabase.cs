using Npgsql;

namespace Slowlane.Tests.Fixtures;

/// <summary>A PostgreSQL database of a test's own.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _admin;
    private readonly string _name;

    private TestDatabase(string admin, string name)
    {
        _admin = admin;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(admin) { Database = name, IncludeErrorDetail = true }.ConnectionString;
        Source = Open(ConnectionString);
    }

    /// <summary>Opens a database for values of built-in types. To load the types of each database costs more than most statements of tests.</summary>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    public string Name => _name;

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>An empty one.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var admin = await TestServices.DatabaseAsync();
        return new TestDatabase(admin, UsedDatabases.TakeEmpty() ?? await NewAsync(admin));
    }

    /// <summary>One for an app that makes its schema where there is none. It may be there.</summary>
    public static async Task<TestDatabase> CreateForAppAsync()
        => UsedDatabases.TakeMigrated() is { } name ? new TestDatabase(await TestServices.DatabaseAsync(), name) : await CreateAsync();

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Replaces it by an empty one of the same name, sessions or not.</summary>
    public async Task ReplaceAsync()
    {
        await ExecuteAsync(_admin, $"DROP DATABASE {_name} WITH (FORCE)");
        await ExecuteAsync(_admin, $"CREATE DATABASE {_name}");
        Source.Clear();
    }

    /// <summary>Has sessions that begin from here on join row by row, in the order in which a statement is given its rows.</summary>
    public Task JoinInOrderAsync() => ExecuteAsync(string.Concat(
        ((string[])["hashjoin", "mergejoin", "seqscan", "bitmapscan"]).Select(way => $"alter database {_name} set enable_{way} = off;")));

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (!await UsedDatabases.KeepAsync(ConnectionString))
        {
            await ExecuteAsync(_admin, $"DROP DATABASE {_name} WITH (FORCE)");
        }
    }

    private static async Task<string> NewAsync(string admin)
    {
        var name = "test_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(admin, $"CREATE DATABASE {name}");
        return name;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The name is made above, from a GUID.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
