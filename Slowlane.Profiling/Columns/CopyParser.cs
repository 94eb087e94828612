using System.Buffers.Binary;

namespace Slowlane.Profiling.Columns;

/// <summary>
/// Feeds a binary COPY stream, cut at any byte, into accumulators. The format (PostgreSQL's manual, COPY, "Binary Format") is: a header of 19
/// bytes and an extension; tuples, each with a 16-bit field count and its fields; the count −1 at the end. A field is a 32-bit length (−1 for
/// null) and that many bytes.
/// </summary>
internal sealed class CopyParser(ColumnSet set)
{
    private const int HeaderLength = 19;
    private const int AtTuple = -1;
    private const int AtHeader = -2;
    private const int AtEnd = -3;

    private readonly ColumnAccumulator[] _columns = set.Accumulators;
    private byte[] _carry = new byte[1024]; // Holds an item that began in an earlier chunk.
    private int _carried;
    private LongValue? _long;
    private int _position = AtHeader; // A state such as AtHeader, or the index of the next field.

    public bool Complete => _position == AtEnd;

    public void Parse(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            chunk = chunk[(_long is not null ? TakeLong(chunk) : _carried > 0 ? TakeCarried(chunk) : TakeWhole(chunk))..];
        }
    }

    private int TakeWhole(ReadOnlySpan<byte> chunk)
    {
        var taken = ParseItems(chunk);
        if (_long is null && taken < chunk.Length)
        {
            Carry(chunk[taken..]);
            return chunk.Length;
        }

        return taken;
    }

    private int TakeCarried(ReadOnlySpan<byte> chunk)
    {
        var piece = chunk[..Math.Min(chunk.Length, Need() - _carried)];
        Carry(piece);
        if (_carried == Need())
        {
            var taken = ParseItems(_carry.AsSpan(0, _carried));
            _carried = taken == _carried ? 0 : throw Broken($"an item of {_carried} bytes");
        }

        return piece.Length;
    }

    private int TakeLong(ReadOnlySpan<byte> chunk)
    {
        var piece = chunk[..(int)Math.Min(chunk.Length, _long!.Missing)];
        _long.Append(piece);
        if (_long.Missing == 0)
        {
            _columns[_position].Add(_long);
            _long = null;
            NextField();
        }

        return piece.Length;
    }

    // Parses only complete items and returns the number of their bytes.
    private int ParseItems(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        while (_long is null)
        {
            if (_position < 0)
            {
                if (!ParseFrame(ref rest))
                {
                    break;
                }

                continue;
            }

            if (rest.Length < sizeof(int))
            {
                break;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0)
            {
                rest = rest[sizeof(int)..];
                NextField();
            }
            else if (length > LongValue.Threshold)
            {
                rest = rest[sizeof(int)..];
                _long = new LongValue(length);
            }
            else if (rest.Length - sizeof(int) >= length)
            {
                _columns[_position].Add(rest.Slice(sizeof(int), length));
                rest = rest[(sizeof(int) + length)..];
                NextField();
            }
            else
            {
                break;
            }
        }

        return bytes.Length - rest.Length;
    }

    // Parses the header, the start of a tuple, or the end. Returns false if too few bytes are there.
    private bool ParseFrame(ref ReadOnlySpan<byte> rest)
    {
        if (_position == AtTuple && rest.Length >= sizeof(short))
        {
            var fields = BinaryPrimitives.ReadInt16BigEndian(rest);
            rest = rest[sizeof(short)..];
            StartTuple(fields);
            return true;
        }

        if (_position == AtHeader && rest.Length >= HeaderLength)
        {
            if (!rest.StartsWith("PGCOPY"u8))
            {
                throw Broken("another header");
            }

            // No version of PostgreSQL sends an extension.
            rest = rest[HeaderLength..];
            _position = AtTuple;
            return true;
        }

        return _position == AtEnd && !rest.IsEmpty ? throw Broken("more after its end") : false;
    }

    private void StartTuple(short fields)
    {
        if (fields == -1)
        {
            _position = AtEnd;
            return;
        }

        if (fields != _columns.Length)
        {
            throw Broken($"a row of {fields} fields where {_columns.Length} were selected");
        }

        set.Rows++;
        _position = fields == 0 ? AtTuple : 0;
    }

    private void NextField() => _position = _position + 1 == _columns.Length ? AtTuple : _position + 1;

    private int Need()
    {
        if (_position < 0)
        {
            return _position == AtHeader ? HeaderLength : sizeof(short);
        }

        if (_carried < sizeof(int))
        {
            return sizeof(int);
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_carry);
        return length is < 0 or > LongValue.Threshold ? sizeof(int) : sizeof(int) + length;
    }

    private void Carry(ReadOnlySpan<byte> piece)
    {
        if (_carried + piece.Length > _carry.Length)
        {
            Array.Resize(ref _carry, Math.Max(_carried + piece.Length, _carry.Length * 2));
        }

        piece.CopyTo(_carry.AsSpan(_carried));
        _carried += piece.Length;
    }

    private static InvalidDataException Broken(string what) => new($"The binary COPY stream has {what}.");
}
