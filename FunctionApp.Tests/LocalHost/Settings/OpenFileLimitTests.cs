using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Settings;

[Trait("Category", "Fast")]
public sealed class OpenFileLimitTests
{
    [Theory]
    [InlineData("256", "A process may open 256 files, and the host and its workers need 512 each: run ulimit -n 1024, and start LocalHost again.")]
    [InlineData("511", "A process may open 511 files, and the host and its workers need 512 each: run ulimit -n 1024, and start LocalHost again.")]
    [InlineData("512", null)]
    [InlineData("unlimited", null)]
    public void Limit_OfOpenFiles_IsRefusedBelowTheLeastWithTheRemedy(string soft, string? fault)
        => Assert.Equal(fault, OpenFileLimit.Fault(["Limit                     Soft Limit           Hard Limit           Units     ", $"Max open files            {soft,-20} 4096                 files     "]));

    [Fact]
    public void Limits_WithoutOneOfOpenFiles_AreNoFault() => Assert.Null(OpenFileLimit.Fault(["Max cpu time              unlimited            unlimited            seconds"]));
}
