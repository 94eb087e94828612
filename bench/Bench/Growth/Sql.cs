using Npgsql;

namespace Slowlane.Bench.Growth;

/// <summary>Statements of the benchmark's own, with all the time they need.</summary>
internal sealed class Sql(NpgsqlDataSource source)
{
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first column of each row.</summary>
    public async Task<List<T>> ListAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(await reader.GetFieldValueAsync<T>(0, cancellationToken));
        }

        return values;
    }

    public async Task<T> ValueAsync<T>(string sql, CancellationToken cancellationToken) => (await ListAsync<T>(sql, cancellationToken))[0];
}
