using System.Text;
using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class SharedMessageTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 vendor=1";

    private static readonly JobId First = JobId.New(TimeProvider.System, 1);
    private static readonly JobId Second = JobId.New(TimeProvider.System, 1);

    [Fact]
    public void Message_OfSeveralJobs_IsReadBackInOrder()
    {
        var message = Write(new(First, """{"a":[1,"\u0000"]}"""u8.ToArray(), Trace), new(Second, "{}"u8.ToArray(), null));

        var several = Assert.IsType<JobMessage.Several>(JobMessage.Read(message.ToString()));

        Assert.Equal("spin", several.Type);
        Assert.Equal([new Envelope(First, "spin", """{"a":[1,"\u0000"]}""", null, Trace), new Envelope(Second, "spin", "{}", null)], several.Jobs);
    }

    [Fact]
    public void Message_OfABatch_IsReadBack()
        => Assert.Equal(new JobMessage.Batch("spin", "b.json"), JobMessage.Read(SharedMessage.OfBatch("spin", "b.json").ToString()));

    [Fact]
    public void Message_IsNoLargerThanWasReckonedWith()
    {
        AcceptedJob[] jobs = [new(First, Encoding.UTF8.GetBytes($"\"{new string('x', 500)}\""), "00-a vendor=\"<>&+" + new string('"', 200)), new(Second, "{}"u8.ToArray(), null)];

        Assert.InRange(Write(jobs).ToMemory().Length, 0, SharedMessage.Frame + jobs.Sum(SharedMessage.SizeOf));
    }

    [Fact]
    public void Message_OfAnInputNestedAsDeepAsASubmitTakes_IsRead()
    {
        var deep = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 63)) + "{}" + new string('}', 63));

        Assert.IsType<JobMessage.Several>(JobMessage.Read(Write(new AcceptedJob(First, deep, null)).ToString()));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 40, 1)]
    [InlineData(100, 40, 100)]
    [InlineData(101, 40, 100)]
    [InlineData(3, 16_000, 3)]
    [InlineData(4, 16_000, 3)]
    [InlineData(2, 48_972, 1)]
    [InlineData(1, 48_972, 1)] // With 80 for the job and 100 for the message: 48 KiB exactly.
    [InlineData(1, 48_973, 0)]
    public void Message_TakesAsManyJobsAsFit(int jobs, int bytes, int fitting)
    {
        var job = new AcceptedJob(First, new byte[bytes], null, IsShort: true);

        Assert.Equal(fitting, SharedMessage.Fitting(Enumerable.Repeat(job, jobs)));
    }

    [Theory]
    [InlineData(4_007, true, true)] // With 80 for the job: a twelfth of a message.
    [InlineData(4_008, true, false)]
    [InlineData(2, false, false)]
    public void Job_ThatIsShortAndSmall_MayShare(int bytes, bool isShort, bool shares)
        => Assert.Equal(shares, new AcceptedJob(First, new byte[bytes], null, isShort).Shares);

    [Fact]
    public void Message_OfOneJob_IsOfVersionOne()
        => Assert.IsType<JobMessage.One>(JobMessage.Read(SharedMessage.Of("spin", [new AcceptedJob(First, "{}"u8.ToArray(), null)]).ToString()));

    [Theory]
    [InlineData("""{"v":2,"type":"spin"}""")]
    [InlineData("""{"v":2,"type":"spin","jobs":[]}""")]
    [InlineData("""{"v":2,"type":"spin","jobs":{}}""")]
    [InlineData("""{"v":2,"type":"spin","jobs":[7]}""")]
    [InlineData("""{"v":2,"type":"spin","jobs":[{"id":"nonsense","input":{}}]}""")]
    [InlineData("""{"v":2,"jobs":[]}""")]
    [InlineData("""{"v":2,"type":"spin","batch":null}""")]
    public void Message_ThatHoldsNoJobs_IsRefusedWithTheReason(string message)
        => Assert.NotEmpty(Assert.Throws<FormatException>(() => JobMessage.Read(message)).Message);

    [Fact]
    public void Message_WithAJobTwiceOrWithoutInput_IsRefused()
    {
        var job = $$"""{"id":"{{First}}","input":{} }""";

        Assert.Throws<FormatException>(() => JobMessage.Read($$"""{"v":2,"type":"spin","jobs":[{{job}},{{job}}]}"""));
        Assert.Throws<FormatException>(() => JobMessage.Read($$"""{"v":2,"type":"spin","jobs":[{"id":"{{First}}" }]}"""));
    }

    private static BinaryData Write(params AcceptedJob[] jobs) => SharedMessage.Write("spin", jobs);
}
