using System.Buffers;
using System.Globalization;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Jobs.Profiling;
using Slowlane.Jobs.Profiling.Parts;
using Slowlane.Jobs.Profiling.Sources;
using Slowlane.Jobs.Spin;
using Slowlane.ProfileBench.Beds;

namespace Slowlane.ProfileBench.Peers;

/// <summary>The computing step alone: a table's chunks, held in memory and taken in again and again by one thread.</summary>
internal sealed class SlowlaneCompute
{
    /// <summary>More rows are not held: some 250 MB a million. Sketches have long taken over by then.</summary>
    public const int MostRows = 1_000_000;

    private static readonly ProfileInput Input = new() { Table = new TableName(null, new NamePart(WideTable.Name, Quoted: false)) };

    private readonly List<(ProfileChunk Chunk, byte[] Bytes)> _chunks;

    private SlowlaneCompute(List<(ProfileChunk Chunk, byte[] Bytes)> chunks) => _chunks = chunks;

    public long Bytes => _chunks.Sum(chunk => (long)chunk.Bytes.Length);

    public static async Task<SlowlaneCompute> ReadAsync(NpgsqlDataSource database, int rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var size = new NpgsqlCommand($"select pg_relation_size('{WideTable.Name}') / 8192", connection);
        var blocks = (long)(await size.ExecuteScalarAsync(cancellationToken))!;
        var range = new BlockRange(0, (uint)Math.Max(1, blocks * Math.Min(rows, MostRows) / rows), (uint)blocks);
        var chunks = new List<(ProfileChunk, byte[])>();
        await foreach (var chunk in TableReader.ReadPartAsync(Input, range, connection, cancellationToken))
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_chunks.Count} chunks, {Bytes / 1e6:F0} MB");
}
