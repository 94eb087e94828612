using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Slowlane.Tests.LocalHost.Http;

[Collection(TinyHostTests.Name)]
public sealed class StreamingTests(TinyHost host)
{
    private const int Large = 90 << 20;

    [Fact]
    public async Task Response_ThatComesSlowly_IsPassedOnAsItComes()
    {
        using var response = await host.Client.GetAsync(new Uri("/api/v2/slow/slow-response", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var first = new byte[5];
        await body.ReadExactlyAsync(first, Cancellation);

        host.Notes.Open("slow-response");

        Assert.Equal("first", Encoding.UTF8.GetString(first));
        using var rest = new StreamReader(body);
        Assert.Equal(" second", await rest.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task Request_ThatComesSlowly_IsPassedOnAsItComes()
    {
        using var content = new HalvedContent("first", () => host.Notes.UntilAsync("slow-request"), " second");

        Assert.Equal((200, "first second"), await host.AskAsync("POST", "/api/v2/echo/slow-request", content));
    }

    [Fact]
    public async Task Request_ThatExpectsToContinue_IsTold()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/echo/continue") { Content = new StringContent("hello") };
        request.Headers.ExpectContinue = true;

        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal("hello", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Caller_WhoHangsUp_FiresTheFunctionsToken()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = host.Client.GetAsync(new Uri("/api/v2/wait/hung-up", UriKind.Relative), cancel.Token);
        await host.Notes.UntilAsync("hung-up");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Contains("gone", await host.Notes.UntilAsync("hung-up", 2), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Caller_WhoHangsUpInTheMiddleOfHisBody_EndsTheFunctionToo()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port, Cancellation);
        await socket.GetStream().WriteAsync("POST /api/v2/echo/half HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nfirst"u8.ToArray(), Cancellation);
        await host.Notes.UntilAsync("half");

        socket.Close();

        await host.SaysAsync("Function 'Echo'"); // Its failure.
    }

    [Fact]
    public async Task Bodies_LargeAndSeveralAtOnce_StayOutOfTheHostsMemory()
    {
        var before = Resident(host.Id);
        var sending = Enumerable.Range(1, 6).Select(_ => host.AskAsync("POST", "/api/v2/swallow/large", new ByteArrayContent(LargeBody))).ToList();
        await host.Notes.UntilAsync("large", 6);

        host.Notes.Open("large");
        var answers = await Task.WhenAll(sending);

        Assert.All(answers, answer => Assert.Equal((200, Large.ToString(CultureInfo.InvariantCulture)), answer));
        Assert.InRange(Resident(host.Id, "VmHWM") - before, 0, 150 << 10);
    }

    private static byte[] LargeBody { get; } = new byte[Large];

    /// <summary>In KiB.</summary>
    private static int Resident(int process, string figure = "VmRSS")
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(figure, StringComparison.Ordinal));
        return int.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    private sealed class HalvedContent(string first, Func<Task> until, string second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(first));
            await stream.FlushAsync();
            await until();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(second));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
