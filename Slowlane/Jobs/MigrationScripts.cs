using System.Reflection;

namespace Slowlane.Jobs;

/// <summary>The numbered SQL files that an assembly embeds as <c>FOLDER/NAME.sql</c>, in the order of their names.</summary>
internal sealed record MigrationScripts(Assembly Assembly, string Folder = MigrationScripts.UsualFolder)
{
    /// <summary>Where they are unless an assembly has several kinds.</summary>
    public const string UsualFolder = "Migrations";

    private const string Extension = ".sql";

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => Assembly.GetManifestResourceNames()
        .Where(resource => resource.StartsWith(Folder + "/", StringComparison.Ordinal) && resource.EndsWith(Extension, StringComparison.Ordinal))
        .Select(resource => resource[(Folder.Length + 1)..^Extension.Length])
        .Order(StringComparer.Ordinal);

    /// <summary>The SQL of one.</summary>
    public async Task<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream($"{Folder}/{name}{Extension}")!);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
