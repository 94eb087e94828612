using System.Text;

namespace Slowlane.Tests.Fuzz;

/// <summary>Texts that break things elsewhere.</summary>
internal static class FuzzText
{
    private static readonly string[] Known =
    [
        "", " ", "null", "true", "0", "-1", "1e999", "-0", "9007199254740993", "NaN", "Infinity", "0x10", "٣", "１２",
        "'", "\"", "';--", "\"; drop table profile; --", "' or '1'='1", "profile\"; select pg_sleep(10); --", "pg_catalog.pg_authid", "slowlane.job", "public.\"profile\"", "\"\"", "a.b.c.d", "profile; select 1",
        "../../etc/passwd", "..\\..\\windows", "%00", "%2e%2e%2f", "%", "%zz", "%c0%af", "%ff", "{id}", "${jndi:ldap://127.0.0.1/a}", "{{7*7}}", "<script>alert(1)</script>",
        "\r\nSet-Cookie: a=b", "\u0000", "\u0007", "\u001b[31m", "\u202egnp.exe", "\ufeff", "\ud7ff", "\uffff", "Ω≈ç√∫", "𝕏", "e\u0301", "ﬃ", "İ", "ſ",
        "wait", "wait=", "wait=-1", "wait=99999999999999999999", "wait=1.5", "wait=\"1", ";;;;", ",,,,", "respond-async, wait=x", "W/\"", "\"a\", \"b", "*",
        "00-00000000000000000000000000000000-0000000000000000-00", "00-x", "application/json; charset=utf-16", "application/json;charset=\"", "text/html", "application/", "/", "multipart/form-data; boundary=x",
    ];

    public static string Next(Random random) => random.Next(10) switch
    {
        0 => new string((char)random.Next(1, 0x250), random.Next(1, 300)),
        1 => Noise(random, random.Next(1, 60)),
        2 => Next(random) + Next(random),
        _ => Known[random.Next(Known.Length)],
    };

    /// <summary>For a path or a query: escaped now and then, raw otherwise, but never with what would end the line.</summary>
    public static string InUri(Random random)
    {
        var text = Next(random);
        return random.Next(3) > 0 ? Escape(text) : new string([.. text.Where(c => c is > ' ' and < '\u007f' and not '#')]);
    }

    /// <summary>For a header's value: no line ends, any other byte.</summary>
    public static string InHeader(Random random) => Next(random).Replace('\r', ' ').Replace('\n', ' ');

    private static string Escape(string text)
        => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => char.IsAsciiLetterOrDigit((char)b) ? ((char)b).ToString() : "%" + b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    private static string Noise(Random random, int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)random.Next(0x20, 0xd800))]);
}
