using System.Net.Sockets;
using Azure;
using Slowlane.LocalHost.Triggers;
using Xunit;

namespace Slowlane.Tests.LocalHost.Triggers;

[Trait("Category", "Fast")]
public sealed class ExtensionStartTests
{
    public static TheoryData<Exception, string?> Failures => new()
    {
        { new RequestFailedException(0, "Connection refused"), "Connection refused" },
        { new RequestFailedException(503, "Server busy\nand more"), "Server busy" },
        { new RequestFailedException(403, "The key is wrong"), "The key is wrong" },
        { new RequestFailedException(400, "The name is wrong"), null },
        { new AggregateException(new InvalidOperationException("what it did", new SocketException(111))), new SocketException(111).Message },
        { new InvalidOperationException("BatchSize"), null },
        { new FormatException("No valid combination of account information found."), null },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void OutageIn_AFailedStart_IsWhatWaitingMends(Exception failure, string? outage) => Assert.Equal(outage, StartFailure.OutageIn(failure));
}
