using System.Text;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class EnvelopeTests
{
    private static readonly JobId Id = JobId.New(TimeProvider.System, 1);

    [Fact]
    public void Envelope_WithInput_IsReadBack()
    {
        var read = Messages.One(Envelope.WithInput(Id, "spin", """{"a":[1,"\u0000"]}"""u8).ToString());

        Assert.Equal(new Envelope(Id, "spin", """{"a":[1,"\u0000"]}""", null), read);
        Assert.False(read.IsWakeUp);
    }

    [Fact]
    public void Envelope_WithBlob_IsReadBack()
    {
        var read = Messages.One(Envelope.WithBlob(Id, "spin", "x.json").ToString());

        Assert.Equal(new Envelope(Id, "spin", null, "x.json"), read);
        Assert.False(read.IsWakeUp);
    }

    [Fact]
    public void Envelope_WithNeither_IsAWakeUp() => Assert.True(Messages.One(Envelope.WakeUp(Id, "spin").ToString()).IsWakeUp);

    [Fact]
    public void Envelope_WithATrace_IsReadBack()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 vendor=1";

        Assert.Equal(new Envelope(Id, "spin", "{}", null, Trace), Messages.One(Envelope.WithInput(Id, "spin", "{}"u8, Trace).ToString()));
        Assert.Equal(new Envelope(Id, "spin", null, "x.json", Trace), Messages.One(Envelope.WithBlob(Id, "spin", "x.json", Trace).ToString()));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("""{"a":1}""")]
    [InlineData("\"\"")]
    [InlineData("\"nonsense\"")]
    [InlineData("\"\\u0000\"")]
    public void Envelope_WithATraceThatIsNone_IsReadWithoutIt(string trace)
        => Assert.Equal(new Envelope(Id, "spin", "{}", null), Messages.One($$"""{"v":1,"id":"{{Id}}","type":"spin","trace":{{trace}},"input":{} }"""));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"v":"1"}""")]
    [InlineData("""{"v":1,"id":"nonsense","type":"spin"}""")]
    [InlineData("""{"v":1,"id":7,"type":"spin"}""")]
    public void Message_ThatIsNoEnvelope_IsRefusedWithTheReason(string message)
        => Assert.NotEmpty(Assert.Throws<FormatException>(() => JobMessage.Read(message)).Message);

    [Fact]
    public void Message_OfANewerVersion_SaysWhatToDo()
    {
        var message = Encoding.UTF8.GetString(Envelope.WakeUp(Id, "spin")).Replace("\"v\":1", "\"v\":3", StringComparison.Ordinal);

        Assert.Contains("Upgrade the workers", Assert.Throws<FormatException>(() => JobMessage.Read(message)).Message, StringComparison.Ordinal);
    }
}
