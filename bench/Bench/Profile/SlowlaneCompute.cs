using System.Buffers;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Profiling.Sources;

namespace Slowlane.Bench.Profile;

/// <summary>The computing step alone: a table's chunks, held in memory and taken in again and again by one thread.</summary>
internal sealed class SlowlaneCompute
{
    /// <summary>Larger tables are not held, at some 260 MB a million rows; sketches have long taken over by then.</summary>
    public const int MaxRows = 1_000_000;

    private static readonly ProfileInput Input = new() { Table = new TableName(null, new NamePart(WideTable.Name, Quoted: false)) };

    private readonly List<(ProfileChunk Chunk, byte[] Bytes)> _chunks;

    private SlowlaneCompute(List<(ProfileChunk Chunk, byte[] Bytes)> chunks) => _chunks = chunks;

    public static async Task<SlowlaneCompute> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var chunks = new List<(ProfileChunk, byte[])>();
        await foreach (var chunk in new ProfileJob().FetchAsync(Input, connection, cancellationToken))
        {
            chunks.Add((chunk, chunk.Bytes.ToArray()));
        }

        return new SlowlaneCompute(chunks);
    }

    /// <summary>Takes everything in and reports.</summary>
    /// <returns>How many cells there were, and the thread's processor time in seconds.</returns>
    public (long Cells, double Seconds) Run()
    {
        var copying = TimeSpan.Zero;
        var start = ThreadCpuClock.Now;
        var report = new ProfileJob().Compute(Input, Replay(), new JobContext(JobId.New(TimeProvider.System, typeTag: 0), "profile", 1, CancellationToken.None));
        var spent = ThreadCpuClock.Now - start - copying;
        return (report.RowCount * report.ColumnCount, spent.TotalSeconds);

        // Buffers go to the pool when they are read, as in a job; filling them again is the fetch's work.
        IEnumerable<ProfileChunk> Replay()
        {
            foreach (var (chunk, bytes) in _chunks)
            {
                var before = ThreadCpuClock.Now;
                var buffer = ArrayPool<byte>.Shared.Rent(ProfileChunk.Size);
                bytes.CopyTo(buffer.AsSpan());
                copying += ThreadCpuClock.Now - before;
                yield return new ProfileChunk(chunk.Source, buffer, bytes.Length) { FinishedAt = chunk.FinishedAt };
            }
        }
    }
}
