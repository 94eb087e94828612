using Xunit;

namespace Slowlane.Tests.Conformance;

/// <summary>Tests that hold of any host: one after the other, because one of them restarts it.</summary>
[CollectionDefinition(nameof(AnyHost))]
public sealed class AnyHost : ICollectionFixture<Target>;
