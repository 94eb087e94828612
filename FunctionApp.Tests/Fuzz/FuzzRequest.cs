using System.Globalization;
using System.Text;

namespace Slowlane.Tests.Fuzz;

/// <summary>How a request's connection ends.</summary>
internal enum Ending
{
    /// <summary>Sent whole; its answer is read.</summary>
    Answered,

    /// <summary>Sent whole, and hung up before an answer.</summary>
    HungUp,

    /// <summary>Its head promises more than is sent.</summary>
    HalfSent,
}

/// <summary>A request, byte by byte.</summary>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">What follows them.</param>
/// <param name="Ending">What the caller does next.</param>
internal sealed record FuzzRequest(byte[] Head, byte[] Body, Ending Ending)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "FOO", "P()ST"];

    private static readonly string[] Headers =
    [
        "Idempotency-Key", "Prefer", "If-None-Match", "If-Match", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "traceparent", "tracestate", "baggage", "Accept", "Accept-Encoding",
        "Content-Encoding", "Origin", "Cookie", "Authorization", "x-functions-key", "X-MS-CLIENT-PRINCIPAL", "Range", "Expect", "Upgrade", "X-HTTP-Method-Override", "Content-Language",
    ];

    /// <summary>A request to one of the app's routes, or near one.</summary>
    /// <param name="random">Where it all comes from.</param>
    /// <param name="key">A key that opens most functions.</param>
    /// <param name="jobs">Ids of jobs that exist.</param>
    public static FuzzRequest Next(Random random, string key, IReadOnlyList<string> jobs)
    {
        var body = FuzzJson.Next(random);
        var ending = random.Next(20) switch { 0 => Ending.HungUp, 1 when body.Length > 1 => Ending.HalfSent, _ => Ending.Answered };
        var head = new StringBuilder();
        var (method, target) = Target(random, jobs);
        head.Append(random.Next(8) == 0 ? Methods[random.Next(Methods.Length)] : method).Append(' ').Append(target).Append(Query(random)).Append(" HTTP/1.1\r\n");
        if (random.Next(50) > 0)
        {
            head.Append("Host: ").Append(random.Next(20) == 0 ? FuzzText.InHeader(random) : "localhost").Append("\r\n");
        }

        if (random.Next(15) > 0)
        {
            head.Append("x-functions-key: ").Append(key).Append("\r\n");
        }

        head.Append("Content-Type: ").Append(random.Next(6) == 0 ? FuzzText.InHeader(random) : "application/json").Append("\r\n");
        for (var i = random.Next(4); i > 0; i--)
        {
            head.Append(Headers[random.Next(Headers.Length)]).Append(": ").Append(FuzzText.InHeader(random)).Append("\r\n");
        }

        body = Frame(random, head, body);
        head.Append("Connection: close\r\n\r\n");
        return new FuzzRequest(Encoding.UTF8.GetBytes(head.ToString()), body, ending);
    }

    /// <summary>A length that is right, mostly; chunks that are right, or not.</summary>
    private static byte[] Frame(Random random, StringBuilder head, byte[] body)
    {
        switch (random.Next(12))
        {
            case 0:
                head.Append("Transfer-Encoding: chunked\r\n");
                return [.. Encoding.ASCII.GetBytes(body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
            case 1:
                head.Append("Transfer-Encoding: chunked\r\n");
                return [.. "zz\r\n"u8, .. body];
            case 2:
                head.Append("Content-Length: ").Append(random.Next(2) == 0 ? "-1" : FuzzText.InHeader(random)).Append("\r\n");
                return body;
            default:
                head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
                return body;
        }
    }

    private static (string Method, string Target) Target(Random random, IReadOnlyList<string> jobs) => random.Next(19) switch
    {
        0 or 1 or 2 => ("POST", "/api/jobs/spin"),
        3 or 4 or 5 => ("POST", "/api/jobs/profile"),
        6 => ("POST", "/api/profile"),
        7 => ("POST", "/api/jobs/" + FuzzText.InUri(random)),
        8 => ("GET", "/api/jobs/" + Id(random, jobs)),
        9 => ("GET", "/api/jobs/" + Id(random, jobs) + "/result"),
        10 => ("POST", "/api/jobs/" + Id(random, jobs) + "/cancel"),
        11 => ("POST", "/api/jobs/" + Id(random, jobs) + "/retry"),
        12 or 13 => ("GET", "/api/jobs"),
        14 => ("GET", "/api/long_answer?wait=1&table=" + FuzzText.InUri(random)),
        15 => ("GET", "/api/poison"),
        16 => ("POST", "/api/poison/" + FuzzText.InUri(random) + "/replay"),
        17 => ("POST", "/api/jobs/" + FuzzText.InUri(random) + (random.Next(2) == 0 ? "/pause" : "/resume")),
        _ => ("GET", "/" + FuzzText.InUri(random)),
    };

    private static string Id(Random random, IReadOnlyList<string> jobs) => (random.Next(6), jobs) switch
    {
        (0 or 1, { Count: > 0 }) => jobs[random.Next(jobs.Count)],
        (2, { Count: > 0 }) => jobs[random.Next(jobs.Count)].ToUpperInvariant(),
        (3, { Count: > 0 }) => jobs[random.Next(jobs.Count)][..^1] + "0",
        (4, _) => Convert.ToHexStringLower(Guid.CreateVersion7().ToByteArray(bigEndian: true)) + "00000000",
        _ => FuzzText.InUri(random),
    };

    private static string Query(Random random) => random.Next(2) == 0 ? "" : "?" + string.Join('&', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Name(random) + "=" + FuzzText.InUri(random)));

    private static string Name(Random random) => random.Next(10) switch
    {
        0 => "wait",
        1 => "table",
        2 => "columns",
        3 => "top",
        4 => "type",
        5 => "status",
        6 => "limit",
        7 => "cursor",
        8 => "code",
        _ => FuzzText.InUri(random),
    };
}
