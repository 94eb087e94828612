using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Slowlane.Settings;
using Xunit;

namespace Slowlane.Tests.Storage;

[Trait("Category", "Fast")]
public sealed class StorageConnectionTests
{
    private const string ClientId = "11111111-2222-3333-4444-555555555555";

    [Theory]
    [InlineData("accountName=mine", "https://mine.queue.core.windows.net/jobs", "https://mine.blob.core.windows.net/inputs")]
    [InlineData(
        "queueServiceUri=https://q.example;blobServiceUri=https://b.example/", "https://q.example/jobs", "https://b.example/inputs")]
    [InlineData("accountName=mine;blobServiceUri=https://b.example", "https://mine.queue.core.windows.net/jobs", "https://b.example/inputs")]
    public void Identity_GoesToTheServicesThatTheSettingsName(string settings, string queue, string container)
    {
        var connection = StorageConnection.From(Settings(settings));

        Assert.Equal(queue, connection.Queue("jobs", new QueueClientOptions()).Uri.AbsoluteUri);
        Assert.Equal(container, connection.Container("inputs", new BlobClientOptions()).Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("accountName=mine;credential=managedidentity;clientId=" + ClientId, typeof(ManagedIdentityCredential))]
    [InlineData("accountName=mine;credential=ManagedIdentity", typeof(ManagedIdentityCredential))]
    [InlineData("accountName=mine", typeof(DefaultAzureCredential))]
    public void Identity_IsTheManagedOneOnlyWhereAskedFor(string settings, Type credential)
        => Assert.IsType(credential, StorageConnection.From(Settings(settings)).Credential);

    [Fact]
    public void ConnectionString_NeedsNoIdentity()
    {
        var connection = StorageConnection.From(Settings("=UseDevelopmentStorage=true"));

        Assert.Null(connection.Credential);
        Assert.Equal("http://127.0.0.1:10001/devstoreaccount1/jobs", connection.Queue("jobs", new QueueClientOptions()).Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("AccountName=mine;AccountKey=hidden!")]
    [InlineData("AccountName=mine;AccountKey=aGlk;Secret=hidden")]
    [InlineData("AccountName=mi ne;AccountKey=hidden=")]
    [InlineData("BlobEndpoint=http://127.0.0.1:9/x;SharedAccessSignature=hidden")]
    [InlineData("QueueEndpoint=http://127.0.0.1:9/x;SharedAccessSignature=hidden")]
    [InlineData("postgresql://hidden@h")]
    public void ConnectionString_ThatCannotBeUsed_IsOneSentenceWithTheRemedyAndWithoutTheKey(string text)
    {
        var error = Assert.Throws<SettingException>(() => StorageConnection.From(Whole(text)));

        Assert.StartsWith("The setting AzureWebJobsStorage is no connection string of an account with queues and blobs; copy ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", true)]
    [InlineData("AccountName=a;AccountKey=aGlk;BlobEndpoint=http://[::1]:1/a;QueueEndpoint=http://localhost:2/a", true)]
    [InlineData("AccountName=a;AccountKey=aGlk;BlobEndpoint=http://azurite:1/a;QueueEndpoint=http://azurite:2/a", false)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=mine;AccountKey=aGlk", false)]
    public void Storage_OnThisMachine_IsNotAskedThroughAProxyAndOthersAreAskedAsUsual(string text, bool isDirect)
    {
        var (queue, blobs) = (new QueueClientOptions(), new BlobClientOptions());
        var connection = StorageConnection.From(Whole(text));

        connection.Queue("jobs", queue);
        connection.Container("inputs", blobs);

        Assert.Equal(isDirect, queue.Transport != HttpClientTransport.Shared);
        Assert.Equal(isDirect, blobs.Transport != HttpClientTransport.Shared);
    }

    [Theory]
    [InlineData("", "AzureWebJobsStorage is missing", "AzureWebJobsStorage__accountName")]
    [InlineData("clientId=" + ClientId, "AzureWebJobsStorage is missing", "AzureWebJobsStorage__accountName")]
    [InlineData("=UseDevelopmentStorage=true;accountName=mine", "both set", "delete")]
    [InlineData("accountName=https://mine.blob.core.windows.net", "'https://mine.blob.core.windows.net'", "3 to 24")]
    [InlineData("accountName=Mine", "'Mine'", "lower-case")]
    [InlineData("queueServiceUri=https://q.example", "__blobServiceUri is missing", "accountName")]
    [InlineData("blobServiceUri=https://b.example", "__queueServiceUri is missing", "accountName")]
    [InlineData("queueServiceUri=http://q.example;blobServiceUri=https://b.example", "'http://q.example'", "https")]
    [InlineData("accountName=mine;credential=key", "'key'", "managedidentity")]
    [InlineData("accountName=mine;clientId=me", "'me'", "GUID")]
    public void SettingsThatMeanNoAccount_AreNamedWithTheRemedy(string settings, string fault, string remedy)
    {
        var error = Assert.Throws<SettingException>(() => StorageConnection.From(Settings(settings)));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Whole(string text)
        => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("AzureWebJobsStorage", (string?)text)]).Build();

    /// <summary>Parts of the setting, <c>name=value;…</c>; the one without a name is the connection string.</summary>
    private static IConfiguration Settings(string text) => new ConfigurationBuilder()
        .AddInMemoryCollection(text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(part =>
            KeyValuePair.Create(part[0].Length == 0 ? "AzureWebJobsStorage" : $"AzureWebJobsStorage:{part[0]}", (string?)part[1])))
        .Build();
}
