using System.Buffers.Binary;

namespace Slowlane.Jobs.Profiling.Sketches;

/// <summary>64-bit hashes for counting, not for security: the same in every process and on every machine.</summary>
/// <remarks>
/// Bytes: after wyhash, final version 4 (Wang Yi, public domain, github.com/wangyi-fudan/wyhash), without its 48-byte
/// lanes. Numbers: the finalizer of MurmurHash3 (Austin Appleby, public domain), a bijection, so that two numbers
/// never collide.
/// </remarks>
internal static class Hash64
{
    private const ulong Secret0 = 0x2d358dccaa6c78a5;
    private const ulong Secret1 = 0x8bb84b93962eacc9;

    public static ulong Of(long value)
    {
        var h = (ulong)value;
        h ^= h >> 33;
        h *= 0xff51afd7ed558ccd;
        h ^= h >> 33;
        h *= 0xc4ceb9fe1a85ec53;
        return h ^ (h >> 33);
    }

    /// <summary>PostgreSQL holds -0 and 0 for equal, and every NaN.</summary>
    public static ulong Of(double value)
        => Of(value == 0 ? 0 : BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value));

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        seed ^= Mix(seed ^ Secret0, Secret1);
        var (a, b) = bytes.Length > 16 ? Last16(bytes, ref seed) : UpTo16(bytes);
        var high = Math.BigMul(a ^ Secret1, b ^ seed, out var low);
        return Mix(low ^ Secret0 ^ (ulong)bytes.Length, high ^ Secret1);
    }

    private static (ulong A, ulong B) Last16(ReadOnlySpan<byte> bytes, ref ulong seed)
    {
        var rest = bytes;
        while (rest.Length > 16)
        {
            seed = Mix(Read8(rest) ^ Secret1, Read8(rest[8..]) ^ seed);
            rest = rest[16..];
        }

        return (Read8(bytes[^16..]), Read8(bytes[^8..]));
    }

    private static (ulong A, ulong B) UpTo16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 4)
        {
            var middle = (bytes.Length >> 3) << 2;
            return ((Read4(bytes) << 32) | Read4(bytes[middle..]), (Read4(bytes[^4..]) << 32) | Read4(bytes[(bytes.Length - 4 - middle)..]));
        }

        return bytes.IsEmpty ? (0UL, 0UL) : (((ulong)bytes[0] << 16) | ((ulong)bytes[bytes.Length >> 1] << 8) | bytes[^1], 0UL);
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private static ulong Read8(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static ulong Read4(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
