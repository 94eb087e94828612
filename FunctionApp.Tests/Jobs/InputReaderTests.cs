using System.Text.Json;
using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class InputReaderTests
{
    [Fact]
    public void Reader_OfGoodFields_HasNoErrors()
    {
        var reader = Read("""{"name":"x","count":3,"share":0.5,"tags":["a","b"],"nothing":null}""");

        Assert.Equal("x", reader.GetString("name", 10));
        Assert.Equal(3, reader.GetInt32("count", 1, 5, fallback: 0));
        Assert.Equal(0.5, reader.GetDouble("share", 0, 1, fallback: 0));
        Assert.Equal(["a", "b"], reader.GetStrings("tags", 5, 5)!, StringComparer.Ordinal);
        Assert.Null(reader.GetString("nothing", 10));
        reader.RejectUnknown();
        Assert.Empty(reader.Errors);
    }

    [Fact]
    public void Reader_OfSeveralBadFields_ReportsThemAll()
    {
        var reader = Read("""{"name":7,"count":2.5,"share":"much","tags":[1,"b"],"extra":1}""");

        reader.GetString("name", 10);
        reader.GetInt32("count", 1, 5, fallback: 0);
        reader.GetDouble("share", 0, 1, fallback: 0);
        reader.GetStrings("tags", 5, 5);
        reader.GetString("missing", 10, required: true);
        reader.RejectUnknown();

        Assert.Equal(["count", "extra", "missing", "name", "share", "tags[0]"], reader.Errors.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("6", "'count' is 6; send a whole number from 1 to 5.")]
    [InlineData("0", "'count' is 0; send a whole number from 1 to 5.")]
    [InlineData("1e999", "'count' is 1e999; send a whole number from 1 to 5.")]
    [InlineData("9007199254740993", "'count' is 9007199254740993; send a whole number from 1 to 5.")]
    [InlineData("true", "'count' is a boolean; send a number.")]
    [InlineData("{}", "'count' is an object; send a number.")]
    public void Number_OutOfBounds_IsNamedWithItsBounds(string value, string sentence)
    {
        var reader = Read($$"""{"count":{{value}}}""");

        Assert.Equal(2, reader.GetInt32("count", 1, 5, fallback: 2));
        Assert.Equal(sentence, Assert.Single(reader.Errors["count"]));
    }

    [Theory]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("1.5e1", 15)]
    [InlineData("4.0", 4)]
    public void WholeNumber_OfUpTo64Bits_IsReadToItsLastDigit(string value, long number)
    {
        var reader = Read($$"""{"id":{{value}}}""");

        Assert.Equal(number, reader.GetInt64("id", long.MinValue, long.MaxValue));
        Assert.Empty(reader.Errors);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1.0000000000000001")]
    [InlineData("1e99")]
    public void WholeNumber_ThatIsNone_IsRefused(string value)
    {
        var reader = Read($$"""{"id":{{value}}}""");

        reader.GetInt64("id", long.MinValue, long.MaxValue);

        Assert.Equal($"'id' is {value}; send a whole number from {long.MinValue} to {long.MaxValue}.", Assert.Single(reader.Errors["id"]));
    }

    [Theory]
    [InlineData("\"\\ud800\"", "'name' is not valid Unicode; send text without lone surrogates.")]
    [InlineData("\"a\\u0000b\"", "'name' has a NUL character; PostgreSQL can't hold one, send text without it.")]
    [InlineData("\"12345678901\"", "'name' has 11 characters; the most is 10.")]
    public void Text_ThatCannotBeStored_IsRefused(string value, string sentence)
    {
        var reader = Read($$"""{"name":{{value}}}""");

        Assert.Null(reader.GetString("name", 10));
        Assert.Equal(sentence, Assert.Single(reader.Errors["name"]));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void Input_ThatIsNoObject_IsAnErrorOfTheWhole(string input)
    {
        var reader = Read(input);

        reader.GetString("name", 10);
        reader.RejectUnknown();

        Assert.Contains("send a JSON object", Assert.Single(reader.Errors[""]), StringComparison.Ordinal);
    }

    private static InputReader Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new InputReader(document.RootElement.Clone());
    }
}
