using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Slowlane.LocalHost.Services;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class OutageTests
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Database=slowlane;Username=postgres;Timeout=1";
    private const string NoStorage = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;";
    private const string Spin = """{"id":1,"batch":"b","job":1,"spin_ms":1500}""";

    [Fact]
    public async Task Submit_WhileDatabaseIsDown_IsAccepted()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(database: NoDatabase);

        using var response = await app.PostAsync("/api/jobs/spin", Spin);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Submit_PreferringToWaitWhileDatabaseIsDown_IsAcceptedWithoutTheWait()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(database: NoDatabase);

        using var response = await app.PostAsync("/api/jobs/spin?wait=30", Spin);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Theory]
    [InlineData("Password=of somebody else")]
    [InlineData("Database=nowhere")]
    public async Task Status_WhileTheDatabaseLetsNobodyIn_SaysTryAgain(string setting)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await SlowlaneApp.StartFrontAsync(database: $"{database.ConnectionString};{setting}");

        using var status = await app.GetAsync(await app.SubmitAsync("spin", Spin));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status.StatusCode);
    }

    [Fact]
    public async Task LongAnswer_WhileStorageIsDown_TellsEveryCallerWhenToComeBack()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(storage: NoStorage);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.GetAsync("/api/long_answer?table=profile")));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, 5), (answer.StatusCode, answer.Headers.RetryAfter?.Delta?.TotalSeconds)));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Status_WhileDatabaseIsDown_SaysTryAgain()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(database: NoDatabase);
        var location = await app.SubmitAsync("spin", Spin);

        using var status = await app.GetAsync(location);
        using var result = await app.GetAsync(location + "/result");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, result.StatusCode);
        Assert.NotNull(status.Headers.RetryAfter);
        Assert.DoesNotContain("postgres", await status.Content.ReadAsStringAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Submit_WhileQueueIsDown_IsRefusedAndSaysTryAgain()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(storage: NoStorage);

        using var response = await app.PostAsync("/api/jobs/spin", Spin);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.DoesNotContain("a2V5", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_WithoutAHostName_IsNotReadyAndNamesTheSetting()
    {
        await using var app = await SlowlaneApp.StartFrontWithAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["WEBSITE_HOSTNAME"] = "" });

        using var ready = await app.GetAsync("/api/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var down = (await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("down");
        Assert.Equal(["WEBSITE_HOSTNAME"], down.EnumerateArray().Select(name => name.GetString()!), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Health_WhileBothAreDown_IsLiveButNotReadyAndSaysWhatIsDown()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(NoDatabase, NoStorage);

        using var live = await app.GetAsync("/api/health/live");
        using var ready = await app.GetAsync("/api/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var down = (await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("down");
        Assert.Equal(["database", "queue"], down.EnumerateArray().Select(name => name.GetString()!), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Job_CutOffByADatabaseRestart_IsWrittenOnce()
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-outage-test-").FullName;
        try
        {
            // Not ephemeral: this one must keep what it has committed.
            await using var services = await DevelopmentServices.StartAsync(new ServicesOptions { Folder = folder }, Cancellation);
            await RestartInMidJobAsync(services);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RestartInMidJobAsync(DevelopmentServices services)
    {
        await using var app = await SlowlaneApp.StartOnAsync(services);
        var data = await AskAsync<string>(services.Database, "show data_directory");
        var location = await app.SubmitAsync("spin", Spin);
        await RunsAsync(app, location);

        ProcessTable.Kill(data, "bin/postgres");

        await AnswersAsync(services.Database);
        Assert.Equal("succeeded", (await app.FinishedAsync(location)).GetProperty("status").GetString());
        Assert.Equal(1, await AskAsync<long>(services.Database, "select count(*) from result where batch = 'b'"));
    }

    private static async Task<T> AskAsync<T>(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static Task<string> RunsAsync(SlowlaneApp app, string location)
        => Eventually.SeesAsync(() => app.Client.GetStringAsync(new Uri(location, UriKind.Relative), Cancellation), status => status.Contains("running", StringComparison.Ordinal));

    private static async Task AnswersAsync(string database)
    {
        while (true)
        {
            try
            {
                await AskAsync<int>(database, "select 1");
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(20, Cancellation);
            }
        }
    }
}
