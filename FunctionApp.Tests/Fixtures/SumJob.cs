using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;

namespace Slowlane.Tests.Fixtures;

/// <summary>Adds up the table <c>number</c>, in as many parts as are asked for; what happens in a computation is a test's own.</summary>
internal sealed class SumJob : IPartitionedJobType<int, long, SpinResult>, IDisposable
{
    /// <summary>Numbers 1 to 1000; the sum is 500500.</summary>
    public const string Table = "create table if not exists number as select n::bigint from generate_series(1, 1000) n; create table if not exists total (sum bigint); grant select on number to slowlane_job; grant insert on total to slowlane_job";

    private int _whole;

    /// <summary>Released whenever a computation starts, of a part or of the whole.</summary>
    public SemaphoreSlim Started { get; } = new(0);

    /// <summary>The ranges of the parts that were begun.</summary>
    public ConcurrentQueue<string> Parts { get; } = [];

    /// <summary>How often the job was computed whole.</summary>
    public int Whole => Volatile.Read(ref _whole);

    /// <summary>Runs in every computation, with the range that is computed; null: the whole.</summary>
    public Action<string?, JobContext> During { get; set; } = (_, _) => { };

    /// <summary>Waits until its token fires, then ends by it.</summary>
    public static void UntilStopped(string? range, JobContext context)
    {
        context.CancellationToken.WaitHandle.WaitOne();
        throw new OperationCanceledException(context.CancellationToken);
    }

    public static JobHandler Registered(JobOptions? options = null)
        => new PartitionedJobHandler<SumJob, int, long, SpinResult>("sum", options);

    public void Register(IServiceCollection services, JobOptions? options = null)
        => services.AddSingleton(this).AddJob<SumJob>("sum", options);

    public static int Parse(InputReader reader) => reader.GetInt32("partitions", 1, 64, 1);

    public int PartitionsOf(int input) => input;

    public async Task<IReadOnlyList<string>> SplitAsync(int input, int partitions, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(n), 0) from number", connection);
        var last = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        var step = Math.Max(1, (last + partitions - 1) / partitions);
        return [.. Enumerable.Range(0, partitions).Select(part => part * step).Where(low => low < last).Select(low => string.Create(CultureInfo.InvariantCulture, $"{low}-{low + step}"))];
    }

    public IAsyncEnumerable<long> FetchAsync(int input, NpgsqlConnection connection, CancellationToken cancellationToken)
        => ReadAsync(0, long.MaxValue, connection, cancellationToken);

    public IAsyncEnumerable<long> FetchPartitionAsync(int input, string range, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ends = range.Split('-').Select(end => long.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return ReadAsync(ends[0], ends[1], connection, cancellationToken);
    }

    public SpinResult Compute(int input, IEnumerable<long> chunks, JobContext context)
    {
        Interlocked.Increment(ref _whole);
        return Result(Sum(null, chunks, context));
    }

    public byte[] ComputePartition(int input, IEnumerable<long> chunks, JobContext context)
    {
        var numbers = chunks.ToList();
        var range = $"from {(numbers.Count == 0 ? 0 : numbers[0])}";
        Parts.Enqueue(range);
        return BitConverter.GetBytes(Sum(range, numbers, context));
    }

    /// <summary>Runs before the parts are merged.</summary>
    public Action BeforeMerge { get; set; } = () => { };

    public SpinResult Merge(int input, IReadOnlyList<byte[]> states, JobContext context)
    {
        BeforeMerge();
        return Result(states.Sum(state => BitConverter.ToInt64(state)));
    }

    public async Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into total values ($1::text::bigint)", transaction.Connection, transaction) { Parameters = { new() { Value = result.Value } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose() => Started.Dispose();

    private static SpinResult Result(long sum) => new("", 0, 0, sum.ToString(CultureInfo.InvariantCulture));

    private static async IAsyncEnumerable<long> ReadAsync(long low, long high, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select n from number where n > $1 and n <= $2 order by n", connection) { Parameters = { new() { Value = low }, new() { Value = high } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return reader.GetInt64(0);
        }
    }

    private long Sum(string? range, IEnumerable<long> numbers, JobContext context)
    {
        Started.Release();
        During(range, context);
        return numbers.Sum();
    }
}
