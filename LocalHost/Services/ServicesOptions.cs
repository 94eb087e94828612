namespace Slowlane.LocalHost.Services;

/// <summary>The servers to start, and the storage of their data.</summary>
internal sealed record ServicesOptions
{
    /// <summary>Whether to start PostgreSQL.</summary>
    public bool Database { get; init; } = true;

    /// <summary>Whether to start Azurite.</summary>
    public bool Storage { get; init; } = true;

    /// <summary>Whether to use a temporary folder that the guard deletes, and to skip waiting for the disk.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>The data folder, unless <see cref="Ephemeral"/> is set.</summary>
    public string Folder { get; init; } = Path.Combine(ProjectFolder.Root, ".slowlane");

    /// <summary>Storage accounts in addition to the well-known one: base64 keys by name.</summary>
    public IReadOnlyDictionary<string, string> Accounts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Receives messages, as sentences, about slow steps and about failures that were repaired.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
