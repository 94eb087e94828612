using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Slowlane.Jobs;

/// <summary>
/// A job's id: a UUIDv7 (RFC 9562, section 5.7) and a 32-bit checksum, as 40 hexadecimal digits. The checksum tells a
/// mistyped id from one that was accepted but not yet claimed; the time inside tells how old such an id is.
/// </summary>
/// <remarks>The first 32 digits are the UUID as PostgreSQL reads it: <c>select * from slowlane.job where id = '…'</c>.</remarks>
public readonly record struct JobId
{
    /// <summary>The length of an id as text.</summary>
    internal const int TextLength = 40;

    private JobId(Guid value) => Value = value;

    /// <summary>The UUIDv7.</summary>
    public Guid Value { get; }

    /// <summary>When the id was made, to the millisecond.</summary>
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(Value));

    /// <summary>
    /// Which type the job is of: the tag its id was made with. Tells the type of a job that has no row yet.
    /// </summary>
    internal ushort TypeTag
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            return BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        }
    }

    /// <summary>Makes a new id. The tag takes the place of 16 of the 74 random bits, as RFC 9562 allows; 58 stay.</summary>
    internal static JobId New(TimeProvider time, ushort typeTag)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(time.GetUtcNow()).TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[14..], typeTag);
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>
    /// The id of one job of a batch, always the same for the same seed and index: the seed's time and tag, and 58 bits of a
    /// hash in place of the random ones.
    /// </summary>
    internal static JobId Derived(JobId seed, int index)
    {
        Span<byte> bytes = stackalloc byte[16 + sizeof(int)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        seed.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], index);
        SHA256.HashData(bytes, hash);
        hash[6..14].CopyTo(bytes[6..]);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F)); // The UUID's version.
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F)); // The UUID's variant.
        return new(new Guid(bytes[..16], bigEndian: true));
    }

    /// <summary>The id of a row. Only for UUIDs that came from an id.</summary>
    internal static JobId FromRow(Guid value) => new(value);

    /// <summary>Reads an id as a caller gives it; false when it can't be one that was ever given out.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        id = default;
        if (text is not { Length: TextLength }
            || !Guid.TryParseExact(text.AsSpan(0, 32), "N", out var value)
            || !uint.TryParse(text.AsSpan(32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum)
            || value.Version != 7
            || Milliseconds(value) > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() // The 48 bits go on to the year 10889.
            || Checksum(value) != checksum)
        {
            return false;
        }

        id = new JobId(value);
        return true;
    }

    /// <summary>The 40 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:N}{Checksum(Value):x8}");

    /// <summary>Writes the digits in UTF-8, <see cref="TextLength"/> of them.</summary>
    internal void Format(Span<byte> text)
    {
        Value.TryFormat(text, out var digits, "N");
        Checksum(Value).TryFormat(text[digits..], out _, "x8", CultureInfo.InvariantCulture);
    }

    private static long Milliseconds(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return ((long)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
    }

    private static uint Checksum(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
