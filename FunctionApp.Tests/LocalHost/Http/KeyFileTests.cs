using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Http;

[Trait("Category", "Fast")]
public sealed class KeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{", "can't be understood (")]
    [InlineData("null", "can't be understood (a key is empty or missing)")]
    [InlineData("{}", "can't be understood (")]
    [InlineData("""{"master":""}""", "can't be understood (a key is empty or missing)")]
    [InlineData("""{"master":"m","host":{"default":null}}""", "can't be understood (a key is empty or missing)")]
    [InlineData("""{"master":"m","functions":{"Locked":null}}""", "can't be understood (a key is empty or missing)")]
    [InlineData("""{"master":"m","functions":{"Locked":{"one":null}}}""", "can't be understood (a key is empty or missing)")]
    public async Task KeyFile_WithAKeyThatIsNone_IsRefusedAtTheStartAndNotAtEachRequest(string json, string says)
    {
        var file = Path.Combine(_folder, "keys.json");
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);

        var error = Assert.Throws<CannotStartException>(() => Open(file));

        Assert.StartsWith($"The keys in {file} {says}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("mend the file, or delete it to get new keys.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public void KeyFile_ThatIsAFolder_IsRefusedWithTheRemedy(string path)
        => Assert.EndsWith("name a file that this user may read and write in LocalHost__KeysFile.", Assert.Throws<CannotStartException>(() => Open(path.Length > 0 ? path : _folder)).Message, StringComparison.Ordinal);

    [Fact]
    public void KeyFile_ThatIsMissing_IsMadeForThisUserAlone()
    {
        var file = Path.Combine(_folder, "new", "keys.json");

        Open(file);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private static FunctionKeys Open(string file)
        => FunctionKeys.Open(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(FunctionKeys.FileSetting, (string?)file)]).Build());
}
