using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;

namespace Slowlane.Tests.Fixtures;

/// <summary>A job type whose computation and write are a test's own.</summary>
internal sealed class ScriptedJob(Func<JobContext, string> compute) : IJobType<bool, bool, SpinResult>, IDisposable
{
    private int _runs;

    /// <summary>Released whenever a computation starts.</summary>
    public SemaphoreSlim Started { get; } = new(0);

    /// <summary>How many computations have started.</summary>
    public int Runs => Volatile.Read(ref _runs);

    public Func<NpgsqlTransaction, CancellationToken, Task> Write { get; set; } = (_, _) => Task.CompletedTask;

    public Func<CancellationToken, Task<bool>> Fetch { get; set; } = _ => Task.FromResult(true);

    /// <summary>Until its token fires, then ends by it.</summary>
    public static string UntilStopped(JobContext context)
    {
        context.CancellationToken.WaitHandle.WaitOne();
        throw new OperationCanceledException(context.CancellationToken);
    }

    public Task<SlowlaneApp> StartAsync(JobOptions? options = null) => SlowlaneApp.StartAsync(services => Register(services, options));

    public void Register(IServiceCollection services, JobOptions? options = null)
        => services.AddSingleton(this).AddJob<ScriptedJob>("scripted", options);

    public static bool Parse(InputReader reader) => reader.GetString("note", maxLength: 100) is null;

    public Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => Fetch(cancellationToken);

    public SpinResult Compute(bool input, bool data, JobContext context)
    {
        Interlocked.Increment(ref _runs);
        Started.Release();
        return new SpinResult(compute(context), 0, 0, "");
    }

    public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
        => Write(transaction, cancellationToken);

    public void Dispose() => Started.Dispose();
}
