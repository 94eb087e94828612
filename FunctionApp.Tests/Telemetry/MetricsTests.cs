using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Jobs;
using Slowlane.LocalHost.Services;
using Slowlane.Telemetry;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Telemetry;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Figures_MoveWithWhatHappens()
    {
        using var release = new SemaphoreSlim(0);
        using var type = new ScriptedJob(context =>
        {
            release.Wait(context.CancellationToken);
            Thread.SpinWait(100_000);
            return context.Attempt == 1 ? throw new InvalidOperationException("for the test") : "done";
        });
        await using var app = await type.StartAsync(new JobOptions { Backoff = TimeSpan.FromMilliseconds(1) });
        using var figures = new MetricCollector(app);

        using var refused = await app.PostAsync("/api/jobs/scripted", """{"no":1}""");
        using var unknown = await app.PostAsync("/api/jobs/anything", "{}");
        var location = await app.SubmitAsync("scripted", "{}");
        await type.Started.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, 1), (figures.Now("slowlane.lanes.limit"), figures.Now("slowlane.lanes.busy")));
        release.Release(2);
        await app.FinishedAsync(location);

        Assert.Equal([1], figures.Of("slowlane.submits slowlane.job.type=scripted slowlane.submit.answer=accepted"));
        Assert.Equal([1], figures.Of("slowlane.submits slowlane.job.type=scripted slowlane.submit.answer=refused"));
        Assert.Equal([1], figures.Of("slowlane.submits slowlane.job.type=unknown slowlane.submit.answer=refused"));
        await EventuallyAsync(() => figures.Of("slowlane.attempts slowlane.job.type=scripted slowlane.job.outcome=retried") is [1]); // Counted after it is recorded.
        await EventuallyAsync(() => figures.Of("slowlane.attempts slowlane.job.type=scripted slowlane.job.outcome=succeeded") is [1]);
        Assert.All(figures.Of("slowlane.queue.age slowlane.job.type=scripted"), age => Assert.InRange(age, 0, 60));
        Assert.Equal(2, figures.Of("slowlane.queue.age slowlane.job.type=scripted").Count);
        var computed = figures.Of("slowlane.compute.duration slowlane.job.type=scripted");
        Assert.Equal(2, computed.Count);
        Assert.All(computed, seconds => Assert.InRange(seconds, 1e-6, 60));
        Assert.Equal(ThreadTimeIsKnown ? 2 : 0, figures.Of("slowlane.compute.cpu_time slowlane.job.type=scripted").Count(seconds => seconds > 0));
    }

    [Fact]
    public async Task Sweep_CountsWhatItHealed()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        using var figures = new MetricCollector(app);
        await app.SweepAsync(); // Makes the schema.
        await app.Database.ExecuteAsync($$"""
            insert into slowlane.job (id, type, status, attempt, max_attempts, fence, worker, lease_until, input, created_at)
            values ('{{JobId.New(TimeProvider.System, 1).Value}}', 'spin', 'running', 1, 5, 1, 'gone', now() - interval '1 minute', '{}', now())
            """);

        await app.SweepAsync();

        Assert.Equal([1], figures.Of("slowlane.sweep.jobs slowlane.sweep.action=released"));
        Assert.Empty(figures.Of("slowlane.sweep.jobs slowlane.sweep.action=failed"));
    }

    [Fact]
    public void EveryFigure_IsInTheOperatorsTableWithItsUnit()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<JobMetrics>().BuildServiceProvider();
        using var figures = new MetricCollector(services.GetRequiredService<IMeterFactory>());
        services.GetRequiredService<JobMetrics>().WatchLanes(1, () => 0);
        services.GetRequiredService<JobMetrics>().WatchPartitionLanes(() => 0);
        var documented = Row().Matches(File.ReadAllText(Path.Combine(ProjectFolder.Root, "docs", "operate.md")))
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["unit"].Value}");

        Assert.Equal(figures.Instruments.Select(figure => $"{figure.Name} {figure.Unit}").Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static bool ThreadTimeIsKnown => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    private static Task EventuallyAsync(Func<bool> condition) => Eventually.HoldsAsync(condition, "the figure");

    [GeneratedRegex(@"^\| `(?<name>slowlane\.[a-z_.]+)` \| `(?<unit>[^`]+)` \|", RegexOptions.CultureInvariant | RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}
