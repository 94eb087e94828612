using System.Reflection;

namespace Slowlane.Jobs;

/// <summary>The numbered SQL files that an assembly embeds as <c>FOLDER/NAME.sql</c>, in the order of their names.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Columns">What the scripts create and the SQL of job types needs, as <c>slowlane.profile.job_id uuid</c>.</param>
internal sealed record MigrationScripts(Assembly Assembly, string Folder = MigrationScripts.UsualFolder, params IReadOnlyList<string> Columns)
{
    /// <summary>The default folder. An assembly with several kinds of scripts uses others.</summary>
    public const string UsualFolder = "Migrations";

    private const string Extension = ".sql";

    /// <summary>The same for scripts that are registered twice.</summary>
    public (Assembly Assembly, string Folder) Key => (Assembly, Folder);

    /// <summary>Scripts that are registered several times, with the columns of each registration.</summary>
    public static MigrationScripts Merged((Assembly Assembly, string Folder) key, IEnumerable<MigrationScripts> registered)
        => new(key.Assembly, key.Folder, [.. registered.SelectMany(scripts => scripts.Columns).Distinct(StringComparer.Ordinal)]);

    /// <summary>The names of the scripts, sorted.</summary>
    public IEnumerable<string> Names => Assembly.GetManifestResourceNames()
        .Where(resource => resource.StartsWith(Folder + "/", StringComparison.Ordinal) && resource.EndsWith(Extension, StringComparison.Ordinal))
        .Select(resource => resource[(Folder.Length + 1)..^Extension.Length])
        .Order(StringComparer.Ordinal);

    /// <summary>
    /// Checks that no script has the same name as a script of the other assembly or folder. A database applies each name once, so it would apply only
    /// one of the two.
    /// </summary>
    /// <exception cref="InvalidOperationException">Both have a script of the same name.</exception>
    public void RequireOtherNamesThan(MigrationScripts other)
    {
        if (other.Key != Key && Names.Intersect(other.Names, StringComparer.Ordinal).FirstOrDefault() is { } name)
        {
            throw new InvalidOperationException(
                $"{other.Assembly.GetName().Name} embeds {other.Folder}/{name}.sql, and {Assembly.GetName().Name} {Folder}/{name}.sql; a database applies a name once: begin each file's name with its job type's, as in invoice_1_tables.sql.");
        }
    }

    /// <summary>The rights that the scripts grant to the role of jobs' SQL.</summary>
    public IReadOnlyList<MigrationGrant> Grants => MigrationGrant.In(Names.Select(Read));

    /// <summary>The SQL of a script.</summary>
    public async Task<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        using var reader = Open(name);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private string Read(string name)
    {
        using var reader = Open(name);
        return reader.ReadToEnd();
    }

    private StreamReader Open(string name) => new(Assembly.GetManifestResourceStream($"{Folder}/{name}{Extension}")!);
}
