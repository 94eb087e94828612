using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Slowlane.Jobs;

/// <summary>
/// The id of a job: a UUIDv7 (RFC 9562, section 5.7) and a 32-bit checksum, as 40 hexadecimal digits. The checksum distinguishes a
/// mistyped id from the id of a job that is accepted but not yet claimed. The time in the id tells the age of such a job.
/// </summary>
/// <remarks>The first 32 digits are the UUID as PostgreSQL reads it: <c>select * from slowlane.job where id = '…'</c>.</remarks>
public readonly record struct JobId
{
    /// <summary>The number of digits of an id.</summary>
    internal const int TextLength = 40;

    private JobId(Guid value) => Value = value;

    /// <summary>The UUIDv7.</summary>
    public Guid Value { get; }

    /// <summary>The time at which the id was created, to the millisecond.</summary>
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(Value));

    /// <summary>The tag of the job's type, given when the id was created. It tells the type of a job that has no row yet.</summary>
    internal ushort TypeTag
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            return BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        }
    }

    /// <summary>Creates an id. The tag replaces 16 of the 74 random bits, as RFC 9562 allows. 58 random bits remain.</summary>
    internal static JobId New(TimeProvider time, ushort typeTag)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(time.GetUtcNow()).TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[14..], typeTag);
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>
    /// The id of one job of a batch, always the same for the same seed and index. It has the time and the tag of the seed, and 58 bits of a
    /// hash instead of random bits.
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

    /// <summary>The id of a row of <c>slowlane.job</c>, by its UUID. Valid only for a UUID that is part of an id.</summary>
    public static JobId FromRow(Guid value) => new(value);

    /// <summary>Parses the text of an id. Returns false if Slowlane can't have created such an id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        id = default;
        if (text is not { Length: TextLength }
            || !Guid.TryParseExact(text.AsSpan(0, 32), "N", out var value)
            || !uint.TryParse(text.AsSpan(32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum)
            || value.Version != 7
            || Milliseconds(value) > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() // 48 bits reach to the year 10889.
            || Checksum(value) != checksum)
        {
            return false;
        }

        id = new JobId(value);
        return true;
    }

    /// <summary>The id as 40 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:N}{Checksum(Value):x8}");

    /// <summary>Writes the <see cref="TextLength"/> digits in UTF-8.</summary>
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
