namespace Slowlane.Tests.Profiling;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same numbers in every run and on every version of .NET.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    public int Next(int below) => (int)(Next() % (ulong)below);

    public double Fraction() => (Next() >> 11) * (1.0 / (1L << 53));
}
