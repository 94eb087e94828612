global using static Slowlane.Tests.Fixtures.CurrentTest;

using Xunit;

namespace Slowlane.Tests.Fixtures;

/// <summary>The test that runs.</summary>
internal static class CurrentTest
{
    /// <summary>Fires when the test is to end.</summary>
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
