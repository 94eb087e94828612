using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class JobIdTests
{
    private const ushort Tag = 0xBEEF;

    [Fact]
    public void Id_ReadBackFromItsText_IsTheSame()
    {
        var id = JobId.New(TimeProvider.System, Tag);

        Assert.True(JobId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
        Assert.Equal(Tag, read.TypeTag);
        Assert.Equal(7, read.Value.Version);
    }

    [Fact]
    public void Ids_DerivedOfASeed_AreTheSameEachTimeAndKeepItsTimeAndTag()
    {
        var seed = JobId.New(TimeProvider.System, Tag);

        var ids = Enumerable.Range(0, 5000).Select(index => JobId.Derived(seed, index)).ToList();

        Assert.Equal(ids.Count, ids.Append(seed).Distinct().Count() - 1);
        Assert.Equal(ids, Enumerable.Range(0, 5000).Select(index => JobId.Derived(seed, index)));
        Assert.DoesNotContain(JobId.Derived(JobId.New(TimeProvider.System, Tag), 0), ids);
        Assert.All(ids, id => Assert.Equal(
            (seed.CreatedAt, Tag, 7, 2), (id.CreatedAt, id.TypeTag, id.Value.Version, id.Value.Variant >> 2)));
        Assert.All(ids, id => Assert.True(JobId.TryParse(id.ToString(), out var read) && read == id));
    }

    [Fact]
    public void Id_InUtf8_IsItsText()
    {
        var id = JobId.New(TimeProvider.System, Tag);
        var text = new byte[JobId.TextLength];

        id.Format(text);

        Assert.Equal(id.ToString(), System.Text.Encoding.UTF8.GetString(text));
    }

    [Fact]
    public void Id_KnowsWhenItWasMade()
    {
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1);

        var id = JobId.New(TimeProvider.System, Tag);

        Assert.InRange(id.CreatedAt, before, DateTimeOffset.UtcNow);
    }

    [Fact]
    public void Id_WithAnyOneDigitMistyped_IsRefused()
    {
        var text = JobId.New(TimeProvider.System, Tag).ToString();

        for (var i = 0; i < text.Length; i++)
        {
            var mistyped = text.ToCharArray();
            mistyped[i] = mistyped[i] == '0' ? '1' : '0';
            Assert.False(JobId.TryParse(new string(mistyped), out _), new string(mistyped));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("{19af-5}' or 1=1 --                     ")]
    public void Text_ThatIsNoId_IsRefused(string? text) => Assert.False(JobId.TryParse(text, out _));

    [Fact]
    public void Id_OfATimeBeyondEveryCalendar_IsRefused()
    {
        var beyond = JobId.FromRow(Guid.Parse("ffffffff-ffff-7fff-bfff-ffffffffffff")).ToString();

        Assert.False(JobId.TryParse(beyond, out _));
    }
}
