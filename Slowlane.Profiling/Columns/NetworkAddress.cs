using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Columns;

/// <summary>An address or network of inet or cidr, in PostgreSQL's order (network_cmp_internal in network.c).</summary>
/// <param name="IsV6">Whether it is one of IPv6. Those of IPv4 come first.</param>
/// <param name="Address">The address, its first bit at the top.</param>
/// <param name="Prefix">The number of bits of the network.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NetworkAddress(bool IsV6, UInt128 Address, int Prefix)
{
    private const int Bits = 128;

    /// <summary>Reads what PostgreSQL prints: 10.0.0.1, 10.0.0.0/8, ::1.</summary>
    public static NetworkAddress Parse(ReadOnlySpan<byte> text)
    {
        var slash = text.IndexOf((byte)'/');
        var address = IPAddress.Parse(slash < 0 ? text : text[..slash]);
        Span<byte> bytes = stackalloc byte[Bits / 8];
        bytes.Clear();
        address.TryWriteBytes(bytes, out var length);
        var prefix = slash < 0 ? 8 * length : int.Parse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
        return new NetworkAddress(length * 8 == Bits, BinaryPrimitives.ReadUInt128BigEndian(bytes), prefix);
    }

    /// <summary>By family, by the bits that both networks have, by the size of the network, the larger first, and by address.</summary>
    public static int Compare(NetworkAddress one, NetworkAddress other)
    {
        var common = Math.Min(one.Prefix, other.Prefix);
        var order = one.IsV6.CompareTo(other.IsV6);
        order = order != 0 ? order : one.First(common).CompareTo(other.First(common));
        order = order != 0 ? order : one.Prefix.CompareTo(other.Prefix);
        return order != 0 ? order : one.Address.CompareTo(other.Address);
    }

    private UInt128 First(int bits) => bits == 0 ? 0 : Address >> (Bits - bits);
}
