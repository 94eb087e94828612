using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slowlane.Tests.Fixtures;

/// <summary>As much of a PostgreSQL server as asks for a password in clear text, notes it, and lets nobody in.</summary>
internal sealed class PasswordServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _passwords = [];
    private Task _served = Task.CompletedTask;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IEnumerable<string> Passwords => _passwords;

    public static PasswordServer Start()
    {
        var server = new PasswordServer();
        server._listener.Start();
        server._served = server.ServeAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _served;
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped: while it waited, or just before it would have waited again.
        }
    }

    // The protocol's messages: a letter (none at the start), a length that counts itself, the content.
    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            await ContentAsync(stream);
            await stream.WriteAsync("R\0\0\0\u0008\0\0\0\u0003"u8.ToArray()); // AuthenticationCleartextPassword
            await stream.ReadExactlyAsync(new byte[1]);
            _passwords.Enqueue(Encoding.UTF8.GetString((await ContentAsync(stream))[..^1]));
            var refusal = "SFATAL\0VFATAL\0C57P03\0Mno\0\0"u8.ToArray();
            await stream.WriteAsync((byte[])[(byte)'E', 0, 0, 0, (byte)(refusal.Length + 4), .. refusal]);
        }
        catch (IOException)
        {
            // The client left before it had a password to give.
        }
    }

    private static async Task<byte[]> ContentAsync(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var content = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        await stream.ReadExactlyAsync(content);
        return content;
    }
}
