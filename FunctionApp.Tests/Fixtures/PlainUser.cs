using Npgsql;

namespace Slowlane.Tests.Fixtures;

/// <summary>A database user without any right of an administrator's, but to become the jobs' role. Deleted with all that it owns.</summary>
internal sealed class PlainUser : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private PlainUser(TestDatabase database, string name)
    {
        _database = database;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = name, Password = "x" }.ConnectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public static async Task<PlainUser> CreateAsync(TestDatabase database)
    {
        var user = new PlainUser(database, "plain_" + Guid.NewGuid().ToString("N"));
        await database.ExecuteAsync($"create role {user.Name} login password 'x'; grant slowlane_job to {user.Name}");
        return user;
    }

    public async ValueTask DisposeAsync()
        => await _database.ExecuteAsync($"drop owned by {Name} cascade; drop role {Name}");
}
