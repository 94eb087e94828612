using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Telemetry;

public sealed class LogScopeTests
{
    [Fact]
    public async Task EveryLine_WithinAnAttempt_SaysWhichJobTypeAndAttemptItIsOf()
    {
        using var lines = new LogLines();
        var own = lines.CreateLogger("own");
        using var type = new ScriptedJob(context =>
        {
            Write(own, "computing");
            return context.Attempt == 1 ? throw new InvalidOperationException("for the test") : "done";
        })
        {
            Fetch = _ =>
            {
                Write(own, "fetching");
                return Task.FromResult(true);
            },
            Write = (_, _) =>
            {
                Write(own, "writing");
                return Task.CompletedTask;
            },
        };
        await using var app = await SlowlaneApp.StartAsync(services =>
        {
            services.AddSingleton<ILoggerProvider>(lines);
            type.Register(services, new JobOptions { Backoff = TimeSpan.FromMilliseconds(1) });
        });

        var location = await app.SubmitAsync("scripted", "{}");
        await app.FinishedAsync(location);
        Write(own, "outside");

        var id = location[(location.LastIndexOf('/') + 1)..];
        Assert.Equal([$"{id} scripted 1", $"{id} scripted 2"], lines.ScopesOf("fetching"));
        Assert.Equal([$"{id} scripted 1", $"{id} scripted 2"], lines.ScopesOf("computing"));
        Assert.Equal([$"{id} scripted 2"], lines.ScopesOf("writing"));
        Assert.Equal([$"{id} scripted 1"], lines.ScopesOf("the attempt failed"));
        Assert.Equal([""], lines.ScopesOf("outside"));
    }

    [Fact]
    public async Task EveryLine_WithinAPart_SaysItToo()
    {
        using var lines = new LogLines();
        var own = lines.CreateLogger("own");
        using var type = new SumJob { During = (range, _) => Write(own, range is null ? "whole" : "adding up") };
        await using var app = await SlowlaneApp.StartAsync(services =>
        {
            services.AddSingleton<ILoggerProvider>(lines);
            type.Register(services);
        });
        await app.SweepAsync(); // Makes the schema, and so the role.
        await app.Database.ExecuteAsync(SumJob.Table);

        var location = await app.SubmitAsync("sum", """{"partitions":2}""");
        await app.FinishedAsync(location);

        var id = location[(location.LastIndexOf('/') + 1)..];
        Assert.Equal([$"{id} sum 1", $"{id} sum 1"], lines.ScopesOf("adding up"));
    }

#pragma warning disable CA1848, CA1873 // A test's line.
    private static void Write(ILogger log, string text) => log.LogInformation("{Text}", text);
#pragma warning restore CA1848, CA1873
}
