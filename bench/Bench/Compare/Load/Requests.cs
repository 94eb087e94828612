using System.Globalization;
using System.Text;

namespace Slowlane.Bench.Compare.Load;

/// <summary>Requests as bytes.</summary>
internal static class Requests
{
    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    /// <summary>Submits one job: reads a row by key, burns CPU time, writes a row with its batch and number.</summary>
    public static byte[] Job(string path, string batch, int job, TimeSpan spin) => Post(path, Input(batch, job, spin));

    /// <summary>Submits jobs with numbers that follow each other, in one request.</summary>
    public static byte[] Jobs(string path, string batch, int first, int count, TimeSpan spin)
        => Post(path, $"[{string.Join(',', Enumerable.Range(first, count).Select(job => Input(batch, job, spin)))}]");

    private static string Input(string batch, int job, TimeSpan spin)
        => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{1 + (job % 1000)}},"batch":"{{batch}}","job":{{job}},"spin_ms":{{spin.TotalMilliseconds}}}""");

    private static byte[] Post(string path, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
}
