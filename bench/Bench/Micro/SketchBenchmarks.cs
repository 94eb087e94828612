using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Bench.Micro;

/// <summary>What a value costs a profile: sketches that are full, so that none is in its cheap beginning.</summary>
[MemoryDiagnoser]
public class SketchBenchmarks
{
    private const int Values = 4096;
    private const int Keys = 1000;
    private const int Few = 48; // As many as the lowest level of a sketch of some million values.

    private readonly double[] _numbers = new double[Values];
    private readonly byte[][] _texts = new byte[Values][];
    private readonly ulong[] _hashes = new ulong[Values];
    private readonly ValueCounts _kept = new(1 << 16, 1 << 20, ValueKind.Hidden);
    private readonly ValueCounts _estimated = new(512, 1 << 20, ValueKind.Hidden);
    private readonly double[] _few = new double[Few];
    private readonly KllSketch _quantiles = new(200);
    private readonly ValueCounts _frequent = new(512, 1 << 20, ValueKind.Bytes);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (var i = 0; i < Values; i++)
        {
            _numbers[i] = random.NextDouble();
            _texts[i] = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(_texts[i], (long)(Keys * _numbers[i] * _numbers[i])); // Some keys come more often than others.
            _hashes[i] = Hash64.Of(_texts[i]);
        }

        for (var round = 0; round < 20; round++)
        {
            Kept();
            Estimated();
            Quantiles();
            Frequent();
        }
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public void Kept() => Count(_kept);

    [Benchmark(OperationsPerInvoke = Values)]
    public void Estimated() => Count(_estimated);

    [Benchmark(OperationsPerInvoke = Values / Few * Few)]
    public void Sort()
    {
        for (var i = 0; i + Few <= Values; i += Few)
        {
            _numbers.AsSpan(i, Few).CopyTo(_few);
            RankSort.Sort(_few);
        }
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public void Quantiles() => _quantiles.Add(_numbers);

    private void Count(ValueCounts counter)
    {
        foreach (var hash in _hashes)
        {
            counter.Add(hash);
        }
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public void Frequent()
    {
        for (var i = 0; i < Values; i++)
        {
            _frequent.Add(_hashes[i], _texts[i]);
        }
    }
}
