namespace Slowlane.Tests.Fixtures;

/// <summary>PostgreSQL and Azurite, started once for the suite and stopped with it.</summary>
internal static class TestServices
{
    /// <summary>A connection string to the server's maintenance database.</summary>
    public static Task<string> DatabaseAsync()
        => Task.FromResult(Environment.GetEnvironmentVariable("SLOWLANE_TEST_DATABASE") ?? throw new InvalidOperationException("no database"));
}
