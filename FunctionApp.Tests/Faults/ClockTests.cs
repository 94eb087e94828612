using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class ClockTests
{
    [Theory]
    [InlineData(10, -10)]
    [InlineData(-10, 10)]
    public async Task Job_OfAFrontAndAWorkerWhoseClocksDiffer_KeepsItsLeaseIsRetriedInTimeAndFound(int front, int worker)
    {
        await using var cluster = await Cluster.StartAsync(lease: 1);
        await using var early = await SlowlaneApp.StartFrontBesideAsync(cluster.Database, cluster.Storage, cluster.Settings, Shifted(front));
        var location = await early.SubmitAsync("shaky", "{}");
        Assert.Equal("queued", await cluster.StatusAsync(location)); // Found by a front whose clock is right.

        await cluster.JoinAsync(Shifted(worker));

        await cluster.SucceedsOnceAsync(location, attempt: 2);
        Assert.Equal("0 2", await cluster.AskAsync<string>("select lost_leases || ' ' || fence from slowlane.job"));
        Assert.True(await cluster.AskAsync<bool>("select abs(extract(epoch from now() - started_at)) < 60 from slowlane.job"));
    }

    private static Action<IServiceCollection> Shifted(int minutes) => services => services
        .AddSingleton<TimeProvider>(new ShiftedTime(TimeSpan.FromMinutes(minutes)))
        .AddJob<Shaky>("shaky", new JobOptions { Backoff = TimeSpan.FromMilliseconds(1) });

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    /// <summary>Fails once, then outlasts its lease.</summary>
    private sealed class Shaky : IJobType<bool, bool, SpinResult>
    {
        public static bool Parse(InputReader reader) => true;

        public Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(true);

        public SpinResult Compute(bool input, bool data, JobContext context)
        {
            if (context.Attempt == 1)
            {
                throw new InvalidOperationException("The first attempt fails.");
            }

            context.CancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(1.5));
            context.CancellationToken.ThrowIfCancellationRequested();
            return new SpinResult("b", 1, 1, "");
        }

        public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
            => new SpinJob().WriteAsync(result, transaction, context, cancellationToken);
    }
}
