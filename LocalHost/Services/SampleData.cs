using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Slowlane.LocalHost.Services;

/// <summary>Sample tables with real data to profile. Each table is loaded once, completely or not at all.</summary>
internal static class SampleData
{
    public static async Task LoadAsync(string database, Action<string> note, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await MakeJobRoleAsync(connection, cancellationToken);
        foreach (var table in SampleTable.All)
        {
            var file = Packages.SampleData(table.File);
            if (await ExistsAsync(connection, table, cancellationToken))
            {
                await GrantAsync(connection, table, cancellationToken); // The table may be older than the role.
                continue;
            }

            if (!File.Exists(file))
            {
                note($"No sample table {table.Name}: {file} is not there.");
                continue;
            }

            var rows = await LoadAsync(connection, table, file, cancellationToken);
            note(string.Create(CultureInfo.InvariantCulture, $"Loaded the sample table public.{table.Name}: {rows:N0} rows."));
        }
    }

    // The app's first migration creates the role too, but these tables exist before the app starts.
    private static async Task MakeJobRoleAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("do $$ begin create role slowlane_job nologin noinherit; exception when duplicate_object then null; end $$", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task GrantAsync(NpgsqlConnection connection, SampleTable table, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The name is a constant of SampleTable.
        await using var command = new NpgsqlCommand($"grant select on public.{table.Name} to slowlane_job", connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, SampleTable table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        command.Parameters.AddWithValue("public." + table.Name);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<ulong> LoadAsync(NpgsqlConnection connection, SampleTable table, string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

#pragma warning disable CA2100 // Names and types are the constants of SampleTable.
        var columns = string.Join(", ", table.Columns.Select(column => $"{column.Name} {column.SqlType}"));
        await using var create = new NpgsqlCommand($"CREATE TABLE public.{table.Name} ({columns})", connection, transaction);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancellationToken);

        var rows = await CopyAsync(connection, table, document.RootElement, cancellationToken);
        await GrantAsync(connection, table, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows;
    }

    private static async Task<ulong> CopyAsync(NpgsqlConnection connection, SampleTable table, JsonElement rows, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", table.Columns.Select(column => column.Name));
        await using var import = await connection.BeginBinaryImportAsync($"COPY public.{table.Name} ({names}) FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var row in rows.EnumerateArray())
        {
            await import.StartRowAsync(cancellationToken);
            foreach (var column in table.Columns)
            {
                if (row.TryGetProperty(column.Source, out var value) && value.ValueKind is not JsonValueKind.Null)
                {
                    await import.WriteAsync(column.Read(value), column.Type, cancellationToken);
                }
                else
                {
                    await import.WriteNullAsync(cancellationToken);
                }
            }
        }

        return await import.CompleteAsync(cancellationToken);
    }
}
