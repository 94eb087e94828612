using Npgsql;

namespace Slowlane.Bench.Hosts;

/// <summary>Statements of the benches' own, with all the time they need.</summary>
internal static class Sql
{
    public static async Task ExecuteAsync(this NpgsqlDataSource source, string sql, CancellationToken cancellationToken = default)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What is read of each row.</summary>
    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlDataSource source, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken = default)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(read(reader));
        }

        return values;
    }

    /// <summary>The first column of each row.</summary>
    public static Task<List<T>> ListAsync<T>(this NpgsqlDataSource source, string sql, CancellationToken cancellationToken = default)
        => source.ListAsync(sql, reader => reader.GetFieldValue<T>(0), cancellationToken);

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> ValueAsync<T>(this NpgsqlDataSource source, string sql, CancellationToken cancellationToken = default)
        => (await source.ListAsync<T>(sql, cancellationToken))[0];
}
