using System.Globalization;
using System.Text;

namespace Slowlane.Tests.Fuzz;

/// <summary>Bodies: JSON that is nearly right, JSON that is right and means harm, and none at all.</summary>
internal static class FuzzJson
{
    private static readonly string[] Fields = ["table", "rows", "columns", "top", "bins", "id", "batch", "job", "spin_ms", "__proto__", "$type", "", "Table", "ta\\u0062le", "\\ud800", "\\u0000"];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0", "1", "1.0", "1e0", "1e400", "-1e400", "1e-400", "9007199254740993", "18446744073709551616", "2147483648", "-2147483649", "0.1e1", "1E+2", "01", "+1", ".5", "1.", "0x1", "NaN", "Infinity", "'a'",
        "\"\"", "\"profile\"", "\"pg_catalog.pg_proc\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\x41\"", "\"\\u12\"", "\"\t\"", "\"a\" \"b\"", "\"\\\"; drop table profile; --\"",
    ];

    public static byte[] Next(Random random) => random.Next(24) switch
    {
        0 => [],
        1 => Bytes(new string('[', random.Next(1, 100_000))),
        2 => Bytes(Nested(random.Next(50, 70))),
        3 => Noise(random, random.Next(1, 2000)),
        4 => [0xef, 0xbb, 0xbf, .. Bytes(Object(random, 2))],
        5 => [.. Bytes(Object(random, 2)), 0xc3, 0x28],
        6 => Encoding.Unicode.GetBytes(Object(random, 2)),
        7 => Bytes($$"""{"batch":"{{new string('x', 1 << random.Next(6, 22))}}","id":1}"""),
        8 => Cut(Bytes(Object(random, 3)), random),
        9 => Bytes(Object(random, 2) + Object(random, 1)),
        10 => Bytes($$"""{"rows":[{{string.Join(',', Enumerable.Range(0, random.Next(1, 3000)).Select(_ => Object(random, 0)))}}]}"""),
        11 => Bytes($$"""{{{string.Join(',', Enumerable.Range(0, random.Next(1, 5000)).Select(number => string.Create(CultureInfo.InvariantCulture, $"\"f{number}\":1")))}}}"""),
        12 => Flip(Bytes(Object(random, 3)), random),
        13 => Bytes("""{"id":1,"batch":"b","job":1,"spin_ms":1}"""),
        14 => Bytes("{\"id\":1,\"spin_ms\":" + new string('9', random.Next(1, 5000)) + "}"),
        _ => Bytes(Object(random, random.Next(0, 5))),
    };

    private static string Object(Random random, int depth)
        => "{" + string.Join(',', Enumerable.Range(0, random.Next(0, 6)).Select(_ => $"\"{Fields[random.Next(Fields.Length)]}\":{Value(random, depth)}")) + "}";

    private static string Value(Random random, int depth) => (depth, random.Next(4)) switch
    {
        ( > 0, 0) => Object(random, depth - 1),
        ( > 0, 1) => "[" + string.Join(',', Enumerable.Range(0, random.Next(0, 5)).Select(_ => Value(random, depth - 1))) + "]",
        (_, 2) => System.Text.Json.JsonSerializer.Serialize(FuzzText.Next(random)),
        _ => Scalars[random.Next(Scalars.Length)],
    };

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"rows\":[", depth)) + string.Concat(Enumerable.Repeat("]}", depth));

    private static byte[] Cut(byte[] bytes, Random random) => bytes[..random.Next(0, bytes.Length)];

    private static byte[] Flip(byte[] bytes, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
