using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Settings;

[Trait("Category", "Fast")]
public sealed class ConnectionsTests
{
    [Theory]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true", true)]
    [InlineData("azurewebjobsstorage", "x", true)]
    [InlineData("AzureWebJobsStorage:accountName", "mine", true)]
    [InlineData("AzureWebJobsStorage", " ", false)]
    [InlineData("AzureWebJobsStorageOther", "x", false)]
    public void Connection_AsAStringOrInParts_IsGiven(string key, string value, bool given)
        => Assert.Equal(given, Connections.IsGiven(Connections.Storage, new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = value }));

    [Theory]
    [InlineData("Host=db.example;Port=5433;Password=secret", "db.example:5433")]
    [InlineData("Host=db.example", "db.example:5432")]
    [InlineData("Server=db.example;Port=5433;Username=u", "db.example:5433")]
    [InlineData("Host=db.example;foo=;Username=u", "db.example:5432")]
    [InlineData("Host=db.example;Password=se;cret=", "db.example:5432")]
    [InlineData("Host=db.example;Port=secret", null)]
    [InlineData("host=db.example user=u password=secret dbname=x", null)]
    [InlineData("Host=a,b", null)]
    [InlineData("postgresql://app:secret@db.example:5433/d?sslmode=require", "db.example:5433")]
    [InlineData("postgres://db.example", "db.example:5432")]
    [InlineData("postgresql://a,b/d", null)]
    [InlineData("postgresql:///d?host=/var/run/postgresql", null)]
    [InlineData("postgresql://%2Fvar%2Frun/d", null)]
    [InlineData("mysql://db.example", null)]
    [InlineData("Host=/var/run/postgresql", null)]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void Database_IsNamedByHostAndPortOnly(string? connectionString, string? endpoint)
        => Assert.Equal(endpoint, Text(Connections.DatabaseEndpoint(connectionString)));

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "127.0.0.1:10001")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=mine;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net", "mine.queue.core.windows.net:443")]
    [InlineData("BlobEndpoint=http://127.0.0.1:9/x;SharedAccessSignature=a", null)]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;QueueEndpoint=http://127.0.0.1:777/a;", "127.0.0.1:777")]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void Storage_IsNamedByHostAndPortOnly(string? connectionString, string? endpoint)
        => Assert.Equal(endpoint, Text(Connections.StorageEndpoint(connectionString)));

    private static string? Text((string Host, int Port)? endpoint) => endpoint is (var host, var port) ? $"{host}:{port}" : null;
}
