using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>Databases that answer and can't be used: what is wrong is told, jobs wait uncharged, and nobody has to start the app again.</summary>
public sealed class EnvironmentTests : IAsyncLifetime
{
    private const string Spin = """{"id":1,"batch":"b","job":1}""";

    private TestDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Job_OfAnAppThatMayNotSetUpItsSchema_WaitsUnchargedUntilTheRightIsGranted()
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await _database.ExecuteAsync($"grant create on schema public to {user.Name}");
        using var lines = new LogLines();
        await using var app = await StartAsync(user.ConnectionString, services => services.AddLogging(logging => logging.AddProvider(lines)));
        var location = await app.SubmitAsync("spin", Spin);

        var reason = await ReasonAsync(app);

        await Eventually.HoldsAsync(() => lines.With("The database can't be used").Count > 2); // One delivery waits, and is not refused and delivered again.
        Assert.Contains($"Run as an administrator: grant create on database {_database.Name} to {user.Name};", reason, StringComparison.Ordinal);
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {user.Name}");
        await SucceedsUnchargedAsync(app, location);
    }

    [Fact]
    public async Task Jobs_AfterTheDatabaseWasReplacedByAnEmptyOne_RunInItAlsoUnderAKeyOfBefore()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        var first = await SubmitAsync(app, "a key of the caller's");
        await SucceedsUnchargedAsync(app, first);

        await _database.ReplaceAsync();
        var second = await SubmitAsync(app, "a key of the caller's");

        Assert.Equal(first, second);
        await SucceedsUnchargedAsync(app, second);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", """{"id":2,"batch":"b2","job":1}"""));
    }

    [Fact]
    public async Task Job_OfADatabaseThatIsReplacedWhileItRuns_StartsAnewInTheNewOne()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await app.SweepAsync(); // Makes the schema.
        var location = await app.SubmitAsync("spin", """{"id":1,"batch":"b","job":1,"spin_ms":1500}""");
        await Eventually.HoldsAsync(async () => await _database.QueryAsync<long>("select count(*) from slowlane.job where progress > 0") == 1);

        await _database.ReplaceAsync();

        await SucceedsUnchargedAsync(app, location);
    }

    [Fact]
    public async Task Job_OfADatabaseThatIsReadOnly_WaitsUnchargedAndHealthSaysThatReadingWorks()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync($"alter database {_database.Name} set default_transaction_read_only = on; select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'slowlane%'");
        var location = await app.SubmitAsync("spin", """{"id":2,"batch":"b2","job":1}""");

        var reason = await ReasonAsync(app);

        Assert.StartsWith("Reading works, writing does not: the server's transactions are read only.", reason, StringComparison.Ordinal);
        Assert.Contains($"run as an administrator: alter database {_database.Name} set default_transaction_read_only = off;", reason, StringComparison.Ordinal);
        await _database.ExecuteAsync($"alter database {_database.Name} set default_transaction_read_only = off");
        await SucceedsUnchargedAsync(app, location);
    }

    // Storage of its own, so that a message that went astray shows.
    private static async Task<SlowlaneApp> StartAsync(string database, Action<IServiceCollection>? services = null)
        => await SlowlaneApp.StartBesideAsync(database, await TestServices.StorageAsync(), new Dictionary<string, string>(StringComparer.Ordinal), services);

    private static async Task<string> SubmitAsync(SlowlaneApp app, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs/spin") { Content = new StringContent(Spin, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await app.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    private static async Task SucceedsUnchargedAsync(SlowlaneApp app, string location)
    {
        var job = await app.FinishedAsync(location);
        Assert.Equal(("succeeded", 1), (job.GetProperty("status").GetString(), job.GetProperty("attempt").GetInt32()));
    }

    // What health says of the database, once it says something. Sessions from before a change may answer first.
    private static Task<string> ReasonAsync(SlowlaneApp app)
        => Eventually.SeesAsync(app.DatabaseReasonAsync, reason => reason.Length > 0 && !reason.Contains("57P01", StringComparison.Ordinal));
}
