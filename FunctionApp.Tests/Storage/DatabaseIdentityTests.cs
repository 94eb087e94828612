using Azure.Core;
using Azure.Identity;
using Npgsql;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class DatabaseIdentityTests
{
    private const string ClientId = "11111111-2222-3333-4444-555555555555";
    private const string Connection = "Host=h;Database=d;Username=app;SSL Mode=VerifyFull";

    [Fact]
    public async Task EachConnection_LogsInWithATokenForTheDatabase()
    {
        var credential = new CountingCredential();
        await using var server = PasswordServer.Start();
        await using var source = Database.Open(Options(server, credential));

        await Assert.ThrowsAsync<PostgresException>(() => source.OpenConnectionAsync(Cancellation).AsTask());
        await Assert.ThrowsAsync<PostgresException>(() => source.OpenConnectionAsync(Cancellation).AsTask());

        Assert.Equal(["token 1", "token 2"], server.Passwords, StringComparer.Ordinal);
        Assert.Equal(["https://ossrdbms-aad.database.windows.net/.default"], credential.Scopes.Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task ListeningConnection_LogsInWithATokenToo()
    {
        await using var server = PasswordServer.Start();
        await using var source = Database.OpenForListening(Options(server, new CountingCredential()));

        await Assert.ThrowsAsync<PostgresException>(() => source.OpenConnectionAsync(Cancellation).AsTask());

        Assert.Equal(["token 1"], server.Passwords, StringComparer.Ordinal);
    }

    [Fact]
    public async Task TokenThatIsNotIssued_IsAnOutageAndNoFaultOfTheJob()
    {
        await using var server = PasswordServer.Start();
        await using var source = Database.Open(Options(server, new CountingCredential { Refuses = true }));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => source.OpenConnectionAsync(Cancellation).AsTask());

        Assert.True(Outage.Is(failure), failure.ToString());
        Assert.True(Outage.IsOfService(failure));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Unset_MeansNobody(string? setting) => Assert.Null(DatabaseIdentity.From(setting, "Host=h"));

    [Theory]
    [InlineData(ClientId)]
    [InlineData("system")]
    [InlineData("default")]
    public void Set_MeansSomebody(string setting) => Assert.NotNull(DatabaseIdentity.From(setting, Connection));

    [Theory]
    [InlineData("me", Connection, "'me'", "'system'")]
    [InlineData(ClientId, Connection + ";Password=hidden", "has a Password", "delete it")]
    [InlineData(ClientId, "Host=h;SSL Mode=VerifyFull", "no Username", "role")]
    [InlineData(ClientId, "Host=h;Username=app", "unencrypted", "SSL Mode=VerifyFull")]
    [InlineData(ClientId, "Host=h;Username=app;SSL Mode=Prefer", "unencrypted", "SSL Mode=VerifyFull")]
    public void SettingsThatDoNotGoTogether_AreNamedWithTheRemedyAndWithoutSecrets(string setting, string connection, string fault, string remedy)
    {
        var error = Assert.Throws<SettingException>(() => DatabaseIdentity.From(setting, connection));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    private static SlowlaneOptions Options(PasswordServer server, TokenCredential credential) => new()
    {
        Storage = "",
        Database = $"Host=127.0.0.1;Port={server.Port};Username=app;SSL Mode=Disable;GSS Encryption Mode=Disable",
        DatabaseIdentity = new DatabaseIdentity(credential),
    };

    private sealed class CountingCredential : TokenCredential
    {
        public bool Refuses { get; init; }

        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return Refuses
                ? throw new CredentialUnavailableException("no identity here")
                : new AccessToken($"token {Scopes.Count}", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
