using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>Profiles as the runner does, under the role of jobs, and the statements that their errors advise.</summary>
internal static partial class JobConnection
{
    public static async Task<ProfileReport> ProfileAsJobAsync(this TestDatabase database, string json, string settings = "")
    {
        var (input, errors) = ProfileRun.Parse(json);
        Assert.Empty(errors);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + settings);
        await using var connection = await JobRole.OpenAsync(source, TestContext.Current.CancellationToken);
        return await ProfileRun.ComputeAsync(input, connection, ProfileRun.Context(TestContext.Current.CancellationToken));
    }

    /// <summary>The statements between "run:" and the full stop before the last sentence.</summary>
    public static string Advice(this JobException failure) => Assert.Single(AdvicePattern().Matches(failure.Message)).Groups["sql"].Value;

    /// <summary>Makes a role of the test's own. It goes with all that is its own.</summary>
    public static async Task<Owner> CreateOwnerAsync(this TestDatabase database)
    {
        var owner = new Owner(database, "owner_" + Guid.NewGuid().ToString("N"));
        await database.ExecuteAsync($"create role {owner.Name}; grant create on schema public to {owner.Name}");
        return owner;
    }

    [GeneratedRegex(@"run: (?<sql>.+?)\. Then submit", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AdvicePattern();

    public sealed class Owner(TestDatabase database, string name) : IAsyncDisposable
    {
        public string Name => name;

        public async ValueTask DisposeAsync() => await database.ExecuteAsync($"drop owned by {name} cascade; drop role {name}");
    }
}
