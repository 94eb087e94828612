using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Slowlane.Bench.Commands;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;
using Slowlane.Execution;
using Slowlane.Jobs;

namespace Slowlane.Bench.Throughput;

/// <summary>Short jobs through one worker with two lanes, each by itself and in messages that they share.</summary>
internal static class ThroughputCommand
{
    private const int Lanes = 2;

    public static Command<ThroughputOptions> Command { get; } = new(
        "throughput",
        "Runs short jobs alone and in messages that they share: how many a second, and what each costs worker and PostgreSQL",
        "Ends with 0 when each job was written once, with 2 when an option is wrong.",
        ThroughputOptions.All,
        RunAsync)
    {
        Requires = _ => Conditions.RequireLinux(),
    };

    private static async Task<int> RunAsync(ThroughputOptions options, CancellationToken cancellationToken)
    {
        await using var services = await BenchServices.StartDurableAsync(cancellationToken: cancellationToken);
        using var worker = Worker(services, options.Settings);
        var runner = worker.Services.GetRequiredService<JobRunner>();
        await MeasureAsync(runner, services.Source, "warm-up", 500, 100, 0, quiet: true);
        await MeasureAsync(runner, services.Source, "warm-up-1", 200, 1, 0, quiet: true);
        Console.WriteLine("| spin ms | jobs a message | jobs/s | worker CPU us/job | PostgreSQL CPU us/job |");
        Console.WriteLine("|---:|---:|---:|---:|---:|");
        foreach (var spin in options.Spins)
        {
            foreach (var size in (int[])[1, 5, 100])
            {
                cancellationToken.ThrowIfCancellationRequested();
                await MeasureAsync(runner, services.Source, string.Create(CultureInfo.InvariantCulture, $"{spin}-{size}"), options.Jobs, size, spin, quiet: false);
            }
        }

        return 0;
    }

    private static IHost Worker(BenchServices services, string connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = services.Storage,
            ["Slowlane:Database"] = services.Database + ";" + connection,
            ["Slowlane:Samples"] = "true",
            ["Slowlane:Lanes"] = Lanes.ToString(CultureInfo.InvariantCulture),
        });
        builder.Services.AddSlowlane(builder.Configuration).AddJobTypes(builder.Configuration);
        return builder.Build();
    }

    private static async Task MeasureAsync(JobRunner runner, NpgsqlDataSource source, string batch, int jobs, int size, double spin, bool quiet)
    {
        var messages = new ConcurrentQueue<string>(Enumerable.Range(0, jobs).Select(job => Job(batch, job, spin)).Chunk(size).Select(Message));
        var postmaster = ProcessTree.Find(await source.ValueAsync<int>("select pg_backend_pid()"))!.Value.Parent;
        var (start, worker, server) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, ServerTime(postmaster));
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(async () =>
        {
            while (messages.TryDequeue(out var message))
            {
                await runner.RunAsync(message, null!, CancellationToken.None);
            }
        })));
        var took = Stopwatch.GetElapsedTime(start);
        (worker, server) = (Environment.CpuUsage.TotalTime - worker, ServerTime(postmaster) - server);
        var written = await source.ValueAsync<string>($"select count(*) || ' ' || count(distinct job) from result where batch = '{batch}'");
        if (!string.Equals(written, string.Create(CultureInfo.InvariantCulture, $"{jobs} {jobs}"), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Of {jobs} jobs the rows and the jobs with a row are: {written}.");
        }

        if (!quiet)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {spin} | {size} | {jobs / took.TotalSeconds:F0} | {worker.TotalMicroseconds / jobs:F0} | {server.TotalMicroseconds / jobs:F0} |"));
        }
    }

    // Of the server's first process, its backends, and those that have ended.
    private static TimeSpan ServerTime(int postmaster) => ProcessTree.Of(postmaster).Aggregate(TimeSpan.Zero, (sum, process) => sum + process.TimeWithEnded);

    private static AcceptedJob Job(string batch, int job, double spin)
    {
        var input = string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{(job % 1000) + 1}},"batch":"{{batch}}","job":{{job}},"spin_ms":{{spin}}}""");
        return new AcceptedJob(JobId.New(TimeProvider.System, typeTag: 1), Encoding.UTF8.GetBytes(input), null);
    }

    private static string Message(AcceptedJob[] jobs)
        => Convert.ToBase64String(jobs is [var one] ? Envelope.WithInput(one.Id, "spin", one.Input.Span) : SharedMessage.Write("spin", jobs));
}
