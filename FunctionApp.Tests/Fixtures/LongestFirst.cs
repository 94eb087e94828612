using Slowlane.Tests.Fixtures;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Slowlane.Tests.Fixtures;

/// <summary>Starts the collections whose tests wait for whole processes first, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] WithProcesses =
    [
        nameof(Faults.OwnServers),
        "Test collection for Slowlane.Tests.Faults.",
        nameof(Conformance.AnyHost),
        "Slowlane.Tests.LocalHost.",
        "Slowlane.Tests.Fuzz.",
        "Slowlane.Tests.Http.",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(WithProcesses, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? WithProcesses.Length : place;
    }
}
