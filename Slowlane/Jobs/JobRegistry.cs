using System.Collections.Frozen;

namespace Slowlane.Jobs;

/// <summary>The job types of this app, by name.</summary>
internal sealed class JobRegistry
{
    private readonly FrozenDictionary<string, JobDefinition> _types;
    private readonly FrozenDictionary<ushort, JobDefinition> _byTag;

    public JobRegistry(IEnumerable<JobDefinition> types)
    {
        var byName = new Dictionary<string, JobDefinition>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            if (!byName.TryAdd(type.Name, type))
            {
                throw new InvalidOperationException($"The job type '{type.Name}' is registered twice; give each type a name of its own.");
            }
        }

        _types = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _byTag = byName.Values.GroupBy(type => type.Tag).Where(types => types.Count() == 1).ToFrozenDictionary(types => types.Key, types => types.Single());
        All = [.. byName.Values];
        Names = [.. byName.Keys.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<JobDefinition> All { get; }

    /// <summary>All names, sorted.</summary>
    public IReadOnlyList<string> Names { get; }

    public JobDefinition? Find(string name) => _types.GetValueOrDefault(name);

    /// <summary>The registered type with the tag of an id. Null if no type or more than one type has the tag.</summary>
    public JobDefinition? FindByTag(ushort tag) => _byTag.GetValueOrDefault(tag);
}
