using System.Net;
using System.Net.Sockets;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Http;

[Trait("Category", "Fast")]
public sealed class LoopbackSocketsTests
{
    /// <summary>From a range for documentation, so no machine has it.</summary>
    private static readonly IPAddress Nowhere = IPAddress.Parse("2001:db8::1");

    [Fact]
    public async Task FreePort_IsOneOnBothAddresses()
    {
        using var sockets = LoopbackSockets.Listen(0);

        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], sockets.Addresses.Select(address => address.Address));
        foreach (var address in sockets.Addresses)
        {
            using var client = new TcpClient(address.AddressFamily);
            await client.ConnectAsync(address.Address, sockets.Port, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void MachineWithoutIPv6_ListensOnIPv4Alone()
    {
        using var sockets = LoopbackSockets.Listen(0, IPAddress.Loopback, Nowhere);

        Assert.Equal(IPAddress.Loopback, Assert.Single(sockets.Addresses).Address);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Port_ThatIsTakenOnEitherAddress_IsRefusedAndLeftFreeOnTheOther(string taken)
    {
        using var other = new TcpListener(IPAddress.Parse(taken), 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refusal = Assert.Throws<CannotStartException>(() => LoopbackSockets.Listen(port));

        Assert.Equal($"Port {port} is in use: stop what listens there, or choose another with --port, or --port 0 for a free one.", refusal.Message);
        other.Stop();
        using var sockets = LoopbackSockets.Listen(port);
        Assert.Equal(port, sockets.Port);
    }

    [Fact]
    public void Socket_ThatIsTaken_IsTheTakersToClose()
    {
        var sockets = LoopbackSockets.Listen(0, IPAddress.Loopback);
        using var socket = sockets.Take(sockets.Addresses.First());

        sockets.Dispose();

        Assert.True(socket.IsBound);
    }
}
