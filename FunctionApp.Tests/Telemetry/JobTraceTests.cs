using System.Diagnostics;
using Slowlane.Telemetry;
using Xunit;

namespace Slowlane.Tests.Telemetry;

[Trait("Category", "Fast")]
public sealed class JobTraceTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(Parent, null, Parent)]
    [InlineData(Parent, "", Parent)]
    [InlineData(Parent, "vendor=1, other=a b", Parent + " vendor=1, other=a b")]
    [InlineData(Parent, "vendor=\0", Parent)]
    [InlineData(Parent, "vendor=ü", Parent)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", null, null)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", null, null)]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", null, null)]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null, null)]
    [InlineData(Parent + "," + Parent, null, null)]
    [InlineData("0af7651916cd43dd8448eb211c80319c", null, null)]
    [InlineData("", "vendor=1", null)]
    [InlineData(null, null, null)]
    public void Headers_OfACaller_BecomeTheJobsTrace(string? parent, string? state, string? expected)
    {
        var text = JobTrace.Of(parent, state);

        Assert.Equal(expected, text);
        Assert.Equal(expected, JobTrace.Checked(text));
    }

    [Fact]
    public void State_ThatIsLong_IsLeftBehind()
    {
        Assert.Equal(Parent + " " + new string('a', JobTrace.MaxStateLength), JobTrace.Of(Parent, new string('a', JobTrace.MaxStateLength)));
        Assert.Equal(Parent, JobTrace.Of(Parent, new string('a', JobTrace.MaxStateLength + 1)));
        Assert.Null(JobTrace.Checked(Parent + " " + new string('a', JobTrace.MaxStateLength + 1)));
    }

    [Fact]
    public void Trace_ThatIsRead_IsARemoteSpansContext()
    {
        var context = JobTrace.Parse(Parent + " vendor=1");

        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (context.TraceId.ToHexString(), context.SpanId.ToHexString()));
        Assert.Equal((ActivityTraceFlags.Recorded, "vendor=1", true), (context.TraceFlags, context.TraceState, context.IsRemote));
        Assert.Equal(default, JobTrace.Parse("nonsense"));
        Assert.Equal(default, JobTrace.Parse(null));
    }

    [Fact]
    public void Trace_OfACaller_IsCarriedOnWhereNobodyRecordsASpan()
    {
        Activity.Current = null;
        Assert.Null(JobTrace.Current());
        Assert.Null(JobTrace.Carry("nonsense", null));
        using (JobTrace.Carry(Parent, "vendor=1"))
        {
            Assert.Equal(Parent + " vendor=1", JobTrace.Current());
            Assert.Null(JobTrace.Carry(Parent, null)); // One is enough.
        }

        Assert.Null(JobTrace.Current());
    }
}
