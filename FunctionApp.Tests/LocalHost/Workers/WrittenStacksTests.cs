using Slowlane.LocalHost.Workers;
using Xunit;

namespace Slowlane.Tests.LocalHost.Workers;

[Trait("Category", "Fast")]
public sealed class WrittenStacksTests
{
    [Theory]
    [InlineData("E: other words\n   at A.B()\n   at C.D()", false)]
    [InlineData("E: words\n   at A.B()", true)]
    [InlineData("E: words\n ---> F: cause\n   at G.H()\n   --- End of inner exception stack trace ---\n   at A.B()\n   at C.D()", true)]
    public void Failure_AfterAnother_IsWrittenWhenItsStackIsANewOne(string failure, bool isWritten)
    {
        var stacks = new WrittenStacks(isVerbose: false);
        Assert.True(stacks.Add("E: words\n   at A.B()\n   at C.D()"));

        Assert.Equal(isWritten, stacks.Add(failure));
    }

    [Fact]
    public void Failure_OfAVerboseHost_IsWrittenEachTime()
    {
        var stacks = new WrittenStacks(isVerbose: true);

        Assert.Equal((true, true), (stacks.Add("E\n   at A.B()"), stacks.Add("E\n   at A.B()")));
    }
}
