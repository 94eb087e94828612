using Slowlane.Tests.Fixtures;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Slowlane.Tests.Fixtures;

/// <summary>
/// Starts the collections that take longest first, so that none of them runs alone at the end, and those that keep the processors busy
/// between those that wait, so that neither runs out.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>Collections whose tests start processes. The last entries also match some that start none.</summary>
    private static readonly string[] Busy =
    [
        "Faults.StoppedWorkerTests",
        "Faults.KilledProcessTests",
        nameof(Faults.OwnServers),
        "Faults.KilledWorkerTests",
        "Slowlane.Tests.Faults.",
        nameof(Conformance.AnyHost),
        LocalHost.TinyHostTests.Name,
        "LocalHost.Services.",
        "LocalHost.Processes.",
        "Slowlane.Tests.Fuzz.",
        "Slowlane.Tests.LocalHost.",
        "Slowlane.Tests.Samples.",
        "Slowlane.Tests.Infra.",
    ];

    /// <summary>Collections whose tests mostly wait.</summary>
    private static readonly string[] Waiting =
    [
        "Faults.EnvironmentTests",
        "Faults.AlteredTablesTests",
        "Faults.ForeignRuleTests",
        "Http.ProfileOverHttpTests",
        "Http.PoisonTests",
        "Execution.JobExecutorTests",
        "Http.JobControlTests",
        "Storage.SchemaTests",
        "Storage.OutageTests",
        "Execution.JobRunnerTests",
        "Http.PauseTests",
        "Drift.DriftTests",
        "Profiling.PartitionedProfileTests",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        var byBusy = testCollections.ToLookup(collection => Place(Waiting, collection) is null && Place(Busy, collection) is not null);
        return [.. Numbered(byBusy[true], Busy).Concat(Numbered(byBusy[false], Waiting)).OrderBy(entry => entry.Number).Select(entry => entry.Collection)];
    }

    private static IEnumerable<(int Number, TTestCollection Collection)> Numbered<TTestCollection>(IEnumerable<TTestCollection> collections, string[] order)
        where TTestCollection : ITestCollection
        => collections.OrderBy(collection => Place(order, collection) ?? order.Length).Select((collection, number) => (number, collection));

    private static int? Place<TTestCollection>(string[] names, TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(names, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? null : place;
    }
}
