using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>64-bit hashes for counting, not for security. They are the same in every process and on every machine.</summary>
/// <remarks>
/// Bytes are hashed after wyhash, final version 4 (Wang Yi, public domain, github.com/wangyi-fudan/wyhash), without its 48-byte lanes. Numbers
/// are hashed with the finalizer of MurmurHash3 (Austin Appleby, public domain). It is a bijection, so two numbers never collide.
/// </remarks>
internal static class Hash64
{
    private const ulong Secret0 = 0x2d358dccaa6c78a5;
    private const ulong Secret1 = 0x8bb84b93962eacc9;

    private static readonly ulong Unseeded = Mix(Secret0, Secret1);

    public static ulong Of(long value)
    {
        var h = (ulong)value;
        h ^= h >> 33;
        h *= 0xff51afd7ed558ccd;
        h ^= h >> 33;
        h *= 0xc4ceb9fe1a85ec53;
        return h ^ (h >> 33);
    }

    /// <summary>The number of a hash.</summary>
    public static long LongOf(ulong hash)
    {
        var h = hash ^ (hash >> 33);
        h *= 0x9cb4b2f8129337db; // The inverses of the factors of the hash, modulo 2^64.
        h ^= h >> 33;
        h *= 0x4f74430c22a54005;
        return (long)(h ^ (h >> 33));
    }

    /// <summary>The double of a hash, without the sign of -0.</summary>
    public static double DoubleOf(ulong hash) => BitConverter.Int64BitsToDouble(LongOf(hash));

    /// <summary>The hash of a double. PostgreSQL treats -0 and 0 as equal, and all NaN values as equal.</summary>
    public static ulong Of(double value)
        => Of(value == 0 ? 0 : BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value));

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ref var start = ref MemoryMarshal.GetReference(bytes); // Read without a check for each step: a profile hashes every text.
        seed ^= seed == 0 ? Unseeded : Mix(seed ^ Secret0, Secret1);
        var (a, b) = bytes.Length > 16 ? Last16(ref start, bytes.Length, ref seed) : UpTo16(ref start, bytes.Length);
        var high = Math.BigMul(a ^ Secret1, b ^ seed, out var low);
        return Mix(low ^ Secret0 ^ (ulong)bytes.Length, high ^ Secret1);
    }

    private static (ulong A, ulong B) Last16(ref byte start, int length, ref ulong seed)
    {
        var state = seed;
        for (var i = 0; i < length - 16; i += 16)
        {
            state = Mix(Read8(ref start, i) ^ Secret1, Read8(ref start, i + 8) ^ state);
        }

        seed = state;
        return (Read8(ref start, length - 16), Read8(ref start, length - 8));
    }

    private static (ulong A, ulong B) UpTo16(ref byte start, int length)
    {
        if (length >= 4)
        {
            var middle = (length >> 3) << 2;
            return ((Read4(ref start, 0) << 32) | Read4(ref start, middle), (Read4(ref start, length - 4) << 32) | Read4(ref start, length - 4 - middle));
        }

        return length == 0 ? (0UL, 0UL) : (((ulong)start << 16) | ((ulong)Unsafe.Add(ref start, length >> 1) << 8) | Unsafe.Add(ref start, length - 1), 0UL);
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private static ulong Read8(ref byte start, int at)
    {
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    private static ulong Read4(ref byte start, int at)
    {
        var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }
}
