using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Fuzz;

/// <summary>Names of tables and columns that would be SQL if they were pasted into any.</summary>
public sealed class FuzzTableTests
{
    [Fact]
    public async Task Profiles_OfTablesWithHostileNames_FailWithAReasonOfTheirOwnAndChangeNothing()
    {
        await using var app = await SlowlaneApp.StartAsync();
        await app.Database.ExecuteAsync("create table sentinel (id integer); insert into sentinel values (1)");
        var random = new Random(1);
        var accepted = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            using var response = await app.PostAsync("/api/profile", JsonSerializer.Serialize(new { table = FuzzText.Next(random), columns = new[] { FuzzText.Next(random) } }));
            Assert.InRange((int)response.StatusCode, 202, 422);
            if (response.Headers.Location is { } location)
            {
                accepted.Add(location.OriginalString);
            }
        }

        Assert.True(accepted.Count > 50, $"Only {accepted.Count} of the names got as far as the database.");
        foreach (var location in accepted)
        {
            var status = await app.FinishedAsync(location);
            Assert.Equal("failed", status.GetProperty("status").GetString());
            Assert.NotEqual("attempts-used", status.GetProperty("error").GetProperty("type").GetString(), StringComparer.Ordinal);
        }

        Assert.Equal(1, await app.Database.QueryAsync<long>("select count(*) from sentinel"));
    }
}
