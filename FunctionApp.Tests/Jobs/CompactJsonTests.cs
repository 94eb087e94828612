using System.Text;
using System.Text.Json;
using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class CompactJsonTests
{
    // A front of another version must find the same input under an idempotency key: what is copied is what would be written anew.
    [Fact]
    public void Value_WithAnyCharacter_IsWrittenAsTheSerializerWritesIt()
        => Assert.All(Enumerable.Range(0x20, 0x120), character =>
        {
            using var json = JsonDocument.Parse(JsonSerializer.Serialize($"a{(char)character}b", Unescaped));

            Assert.Equal(JsonSerializer.Serialize(json.RootElement), Encoding.UTF8.GetString(CompactJson.Of(json.RootElement)!));
        });

    [Theory]
    [InlineData("""{"a":[1,-2.50e7,true,null,"x/y"],"b":{}}""", """{"a":[1,-2.50e7,true,null,"x/y"],"b":{}}""")]
    [InlineData(""" { "a" : [ 1 , 2E+5 ] }""", """{"a":[1,2E+5]}""")]
    [InlineData("""{"a":"\u0041 b"}""", """{"a":"A b"}""")]
    public void Value_LosesItsLayout(string posted, string compact)
    {
        using var json = JsonDocument.Parse(posted);

        Assert.Equal(compact, Encoding.UTF8.GetString(CompactJson.Of(json.RootElement)!));
    }

    [Fact]
    public void Value_WithALoneSurrogate_IsNone()
    {
        using var json = JsonDocument.Parse("""{"a":"\ud800"}""");

        Assert.Null(CompactJson.Of(json.RootElement));
    }

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
