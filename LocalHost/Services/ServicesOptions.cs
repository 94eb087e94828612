namespace Slowlane.LocalHost.Services;

/// <summary>Which servers to start, and what happens to their data.</summary>
internal sealed record ServicesOptions
{
    /// <summary>Start PostgreSQL.</summary>
    public bool Database { get; init; } = true;

    /// <summary>Start Azurite.</summary>
    public bool Storage { get; init; } = true;

    /// <summary>Keep nothing: a temporary folder that the guard deletes, and no waiting for the disk.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Where data is kept unless <see cref="Ephemeral"/>.</summary>
    public string Folder { get; init; } = Path.Combine(ProjectFolder.Root, ".slowlane");

    /// <summary>Storage accounts beside the well-known one: base64 keys by name.</summary>
    public IReadOnlyDictionary<string, string> Accounts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told, in sentences, what takes long or went wrong and was mended.</summary>
    public Action<string> Note { get; init; } = _ => { };
}
