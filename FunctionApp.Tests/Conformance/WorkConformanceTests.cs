using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Conformance;

/// <summary>What happens behind the requests: queue, poison, timer, restart. Seen through the network.</summary>
[Collection(nameof(AnyHost))]
public sealed class WorkConformanceTests(Target target)
{
    [Fact]
    public async Task Message_ThatIsNoJob_IsKeptForAdministrators()
    {
        var text = $"no job {Guid.NewGuid():N}";
        await target.SendAsync(text);

        await Eventually.HoldsAsync(
            async () => Messages(await target.AskAsAdministratorAsync("/api/poison?limit=200")).Contains(text, StringComparer.Ordinal), pause: TimeSpan.FromMilliseconds(500)); // It takes five deliveries.
    }

    [Fact]
    public async Task Input_TooLargeForAMessage_ArrivesAllTheSame()
    {
        var rows = string.Join(',', Enumerable.Range(0, 6000).Select(row => $$"""{"number":{{row}},"text":"text"}"""));

        var location = await target.SubmitAsync("/api/profile", $$"""{"rows":[{{rows}}]}""");

        Assert.Equal("succeeded", (await target.FinishedAsync(location)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Job_OfAWorkerThatVanished_IsSweptUpAndRunAgain()
    {
        var location = await target.SubmitAsync("/api/profile", """{"rows":[{"a":1}]}""");
        await target.FinishedAsync(location);
        var id = location[^40..^8];

        // As if its worker had been killed while it computed: nothing written, and a lease that ran out.
        await target.ExecuteAsync($"""
            delete from slowlane.profile where job_id = '{id}';
            delete from slowlane.result where job_id = '{id}';
            update slowlane.job set status = 'running', worker = 'nobody', lease_until = now() - interval '1 second', finished_at = null where id = '{id}';
            """);

        Assert.Equal("succeeded", (await target.FinishedAsync(location)).GetProperty("status").GetString());
        Assert.Equal(1, await target.ExecuteAsync($"select lost_leases from slowlane.job where id = '{id}'"));
    }

    [Fact]
    public async Task Jobs_AcceptedBeforeARestart_AreDoneAfterIt()
    {
        var locations = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => target.SubmitAsync("/api/profile", $$"""{"rows":[{"a":{{number}}}]}""")));

        await target.RestartAsync();

        foreach (var location in locations)
        {
            Assert.Equal("succeeded", (await target.FinishedAsync(location)).GetProperty("status").GetString());
        }
    }

    private static IEnumerable<string> Messages(JsonElement page) => page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()!);
}
