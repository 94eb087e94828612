using System.Net;
using Xunit;

namespace Slowlane.Tests.LocalHost.Http;

[Collection(TinyHostTests.Name)]
public sealed class KeysTests(TinyHost host)
{
    [Theory]
    [InlineData("Open", null, HttpStatusCode.OK)]
    [InlineData("Open", "wrong", HttpStatusCode.OK)]
    [InlineData("Locked", null, HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "", HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "cut", HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "longer", HttpStatusCode.Unauthorized)]
    [InlineData("Vault", null, HttpStatusCode.Unauthorized)]
    [InlineData("Vault", "longer", HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "host", HttpStatusCode.OK)]
    [InlineData("Locked", "master", HttpStatusCode.OK)]
    [InlineData("Vault", "host", HttpStatusCode.Unauthorized)]
    [InlineData("Vault", "master", HttpStatusCode.OK)]
    public async Task Request_WhereKeysAreDemanded_NeedsTheKeyOfItsLevel(string function, string? key, HttpStatusCode status)
    {
        var value = key switch
        {
            "host" => host.HostKey,
            "master" => host.MasterKey,
            "cut" => host.HostKey[..^1],
            "longer" => host.MasterKey + "x",
            _ => key,
        };
        using var byHeader = new HttpRequestMessage(HttpMethod.Get, $"/api/v2/{function}");
        byHeader.Headers.TryAddWithoutValidation("x-functions-key", value);

        using var headerResponse = await host.Client.SendAsync(byHeader, Cancellation);
        using var queryResponse = await host.Client.GetAsync(new Uri($"/api/v2/{function}?code={value}", UriKind.Relative), Cancellation);

        Assert.Equal(status, headerResponse.StatusCode);
        Assert.Equal(status, queryResponse.StatusCode);
    }

    [Fact]
    public async Task Function_ThatNeedsAKey_IsNotToldFromNoneByItsMethod()
        => Assert.Equal((404, ""), await host.AskAsync("GET", "/api/v2/crash"));

    [Fact]
    public void KeyFile_IsForThisUserAloneAndNamedAtTheStart()
    {
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(host.KeyFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Contains($"Callers need a key; the keys are in {host.KeyFile}.", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(host.MasterKey, host.Output, StringComparison.Ordinal);
    }
}
