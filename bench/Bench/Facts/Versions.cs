using System.Text.Json;
using Npgsql;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Facts;

/// <summary>What figures depend on: the version of Slowlane and of what it stands on.</summary>
internal static class Versions
{
    /// <summary>The commit that is checked out, and whether files differ from it; null outside a repository.</summary>
    /// <param name="withUntracked">Whether files that git does not know count as changes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<string?> CommitAsync(bool withUntracked, CancellationToken cancellationToken)
    {
        var commit = await GitAsync(["rev-parse", "--short=12", "HEAD"], cancellationToken);
        var changes = await GitAsync(["status", "--porcelain", .. withUntracked ? [] : (string[])["--untracked-files=no"]], cancellationToken);
        return string.IsNullOrEmpty(changes) ? commit : commit + " with changes";
    }

    public static Task<string?> NodeAsync(CancellationToken cancellationToken) => ProgramOutput.ReadAsync("node", ["--version"], cancellationToken);

    public static string Azurite()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(ProjectFolder.Location, "node_modules", "azurite", "package.json")));
        return package.RootElement.GetProperty("version").GetString()!;
    }

    /// <summary>PostgreSQL's version, and those of its settings that the figures hang on.</summary>
    public static async Task<string> PostgresAsync(NpgsqlDataSource database, string[] settings, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select current_setting('server_version') || string_agg(', ' || name || ' ' || current_setting(name), '' order by position) from unnest($1) with ordinality as setting (name, position)");
        command.Parameters.Add(new() { Value = settings });
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static Task<string?> GitAsync(string[] arguments, CancellationToken cancellationToken) => ProgramOutput.ReadAsync("git", ["-C", ProjectFolder.Root, .. arguments], cancellationToken);
}
