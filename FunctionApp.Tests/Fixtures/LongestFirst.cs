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
    /// <summary>Start processes, each of which costs seconds of processor time.</summary>
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

    /// <summary>Wait for times of the product's own to pass.</summary>
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
        var isBusy = testCollections.ToLookup(collection => Place(Waiting, collection) is null && Place(Busy, collection) is not null);
        return [.. Numbered(isBusy[true], Busy).Concat(Numbered(isBusy[false], Waiting)).OrderBy(entry => entry.Number).Select(entry => entry.Collection)];
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
