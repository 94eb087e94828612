using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class MessageTextTests
{
    [Theory]
    [InlineData("eyJ2IjoxfQ==", """{"v":1}""")]
    [InlineData("""{"v":1}""", """{"v":1}""")] // Plain, as a person sends it, or as a host hands it on that decodes itself.
    [InlineData("bm90IGJhc2U2NCE=", "not base64!")]
    [InlineData("not base64!", "not base64!")]
    [InlineData("/w==", "/w==")] // Base64 of a byte that is no text.
    [InlineData("4oKs", "€")]
    [InlineData("", "")]
    public void Message_SaysWhatItsBase64SaysOrWhatItSaysItself(string message, string text) => Assert.Equal(text, MessageText.Of(message));
}
