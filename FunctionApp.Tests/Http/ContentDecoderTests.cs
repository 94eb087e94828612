using System.Text;
using Slowlane.Http;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class ContentDecoderTests
{
    private const int Max = 1 << 20;

    private static readonly string Text = string.Join(' ', Enumerable.Range(0, 20_000));

    public static TheoryData<string> All => ["gzip", "deflate", "br"];

    [Theory]
    [MemberData(nameof(All))]
    public void Content_ComesOutAsItWas(string coding)
    {
        Assert.All((string[])["", "a", Text], text => Assert.Equal((text, null), Decode(coding, Encoded.As(coding, text))));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Content_OfTheMaximum_ComesOutAndNotAByteMore(string coding)
    {
        var content = new byte[Max + 1];
        new Random(1).NextBytes(content); // It can't be compressed.

        Assert.Equal(Max, ContentDecoder.Decode(Of(coding), Encoded.As(coding, content[..Max]), Max).Content.Length);
        Assert.Equal(DecodeFault.TooLarge, ContentDecoder.Decode(Of(coding), Encoded.As(coding, content), Max).Fault);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Data_ThatExpandsBeyondTheMaximum_IsNotExpandedToItsEnd(string coding)
    {
        var data = Encoded.Zeros(coding, mebibytes: 256);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var (_, fault) = ContentDecoder.Decode(Of(coding), data, Max);

        Assert.Equal(DecodeFault.TooLarge, fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Data_ThatEndsTooEarly_IsDamagedWhereverItEnds(string coding)
    {
        var data = Encoded.As(coding, Text);

        foreach (var length in Enumerable.Range(1, 40).Concat(Enumerable.Range(1, data.Length / 997).Select(i => i * 997)).Concat(Enumerable.Range(1, 40).Select(i => data.Length - i)))
        {
            Assert.Equal((length, DecodeFault.Damaged), (length, Decode(coding, data[..length]).Fault));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Data_ThatOtherBytesFollow_IsNotTaken(string coding)
    {
        var data = Encoded.As(coding, Text);

        Assert.All((byte[][])[[0], [1, 2, 3], new byte[50_000], "{}"u8.ToArray()], rest => Assert.Equal((null, DecodeFault.Trailing), Decode(coding, [.. data, .. rest])));
    }

    // The platform's streams read so much at once.
    [Theory]
    [MemberData(nameof(All))]
    public void Data_ThatFillsAReadAndThatOtherBytesFollow_IsNotTaken(string coding)
    {
        var content = new byte[8192];
        new Random(1).NextBytes(content); // It can't be compressed.
        var data = Enumerable.Range(8000, 192).Select(length => Encoded.As(coding, content[..length])).First(data => data.Length == 8192);

        Assert.InRange(ContentDecoder.Decode(Of(coding), data, Max).Content.Length, 8000, 8192);
        Assert.All((byte[][])[[0], [0x1F], [0, 0, 0]], rest => Assert.NotNull(Decode(coding, [.. data, .. rest]).Fault));
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("br")]
    public void Data_TwiceInARow_IsNotTaken(string coding)
        => Assert.Equal((null, DecodeFault.Trailing), Decode(coding, [.. Encoded.As(coding, "a"), .. Encoded.As(coding, "b")]));

    // RFC 1952, section 2.2.
    [Fact]
    public void Gzip_OfSeveralMembers_IsTheirContentsInARow()
    {
        byte[] data = [.. Encoded.As("gzip", "one "), .. Encoded.As("gzip", ""), .. Encoded.As("gzip", "two")];

        Assert.Equal(("one two", null), Decode("gzip", data));
        Assert.Equal((null, DecodeFault.Damaged), Decode("gzip", data[..^1]));
        Assert.Equal((null, DecodeFault.Damaged), Decode("gzip", [.. data, 0x1F])); // The begin of another member.
        Assert.Equal((null, DecodeFault.Damaged), Decode("gzip", [.. data, 0x1F, 0x8B, 8]));
    }

    [Theory]
    [InlineData("gzip", 8)]
    [InlineData("gzip", 1)]
    [InlineData("deflate", 4)]
    [InlineData("deflate", 1)]
    public void Data_WithAWrongChecksumOrLength_IsDamaged(string coding, int fromTheEnd)
    {
        var data = Encoded.As(coding, Text);
        data[^fromTheEnd] ^= 1;

        Assert.Equal((null, DecodeFault.Damaged), Decode(coding, data));
    }

    [Theory]
    [InlineData("gzip", "{\"a\":1}")]
    [InlineData("deflate", "{\"a\":1}")]
    [InlineData("br", "{\"a\":1}")]
    [InlineData("deflate", "x\u00bb\0\0\0\0")] // It wants a dictionary.
    public void Data_OfAnotherFormat_IsDamaged(string coding, string data) => Assert.Equal((null, DecodeFault.Damaged), Decode(coding, Encoding.Latin1.GetBytes(data)));

    [Fact]
    public void Deflate_WithoutItsZlibFrame_IsDamaged() => Assert.Equal((null, DecodeFault.Damaged), Decode("deflate", Encoded.As("bare deflate", Text)));

    [Fact]
    public void Data_OfAnyBytes_IsDecodedOrRefused()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var coding = (ContentCoding)random.Next(3);
            var data = i % 2 == 0 ? new byte[random.Next(1, 200)] : Encoded.As(((string[])["gzip", "deflate", "br"])[(int)coding], Text[..random.Next(1, 300)]);
            if (i % 2 == 0)
            {
                random.NextBytes(data);
            }
            else
            {
                data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
            }

            Assert.InRange(ContentDecoder.Decode(coding, data, Max).Content.Length, 0, Max);
        }
    }

    private static (string? Text, DecodeFault? Fault) Decode(string coding, byte[] data)
    {
        var (content, fault) = ContentDecoder.Decode(Of(coding), data, Max);
        return (fault is null ? Encoding.UTF8.GetString(content.Span) : null, fault);
    }

    private static ContentCoding Of(string coding) => Assert.Single(ContentCodings.Read(coding).Codings);
}
