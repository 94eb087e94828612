using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Storage.Queues;
using Npgsql;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Settings;
using Slowlane.Settings;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Services;

public sealed class DevelopmentServicesTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("services-test-").FullName;
    private readonly ConcurrentQueue<string> _notes = new();

    public async ValueTask DisposeAsync()
    {
        ProcessTable.Kill(_folder);
        await ProcessTable.UntilNoneAsync(_folder);
        Directory.Delete(_folder, recursive: true);
    }

    private static (string?, int, string?, string?, string?) LoginOf(string connectionString)
    {
        var login = new NpgsqlConnectionStringBuilder(connectionString);
        return (login.Host, login.Port, login.Database, login.Username, login.Password);
    }

    [Fact]
    public async Task Data_AfterAStopAndAStart_IsThereAtTheSameAddresses()
    {
        string database, storage;
        await using (var first = await StartAsync())
        {
            (database, storage) = (first.Database, first.Storage);
            Assert.Equal(LoginOf(database), LoginOf(DatabaseConnection.Read(first.DatabaseUri))); // As it is printed.
            await ExecuteAsync(database, "CREATE TABLE kept AS SELECT 42 AS answer");
            await SendAsync(storage, "kept");
        }

        Assert.Empty(ProcessTable.With(_folder));
        await using var second = await StartAsync();

        Assert.Equal((database, storage), (second.Database, second.Storage));
        Assert.Equal(42, await ScalarAsync(second.Database, "SELECT answer FROM kept"));
        Assert.Equal("kept", await ReceiveAsync(second.Storage));
    }

    [Fact]
    public async Task Folder_InUse_IsRefusedWithTheProcessAndTheRemedy()
    {
        await using var first = await StartAsync();

        var error = await Assert.ThrowsAsync<CannotStartException>(StartAsync);

        Assert.Equal(
            $"Another LocalHost (process {Environment.ProcessId}) uses the data in {_folder}. Stop it first, or start this one with --ephemeral for data of its own.",
            error.Message);
        Assert.Equal(1, await ScalarAsync(first.Database, "SELECT 1"));
    }

    [Fact]
    public async Task Password_ThatIsLost_IsASentenceWithTheRemedy()
    {
        await (await StartAsync()).StopAsync();
        var file = Path.Combine(_folder, "password");

        await File.WriteAllTextAsync(file, "another", Cancellation);
        Assert.Equal(
            $"The password in {file} is not that of the data beside it: restore the file, remove {_folder} with its data, or start with --ephemeral for data of its own.",
            (await Assert.ThrowsAsync<CannotStartException>(StartAsync)).Message);
        Assert.Empty(ProcessTable.With(_folder));
        await File.WriteAllTextAsync(file, "", Cancellation);
        Assert.StartsWith($"{file} is empty, ", (await Assert.ThrowsAsync<CannotStartException>(StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_WhenKilledMinusNine_LeavesNoProcessBehindAndNoMessageLost()
    {
        await using (await StartAsync())
        {
            // Makes the folder's password known, and the database.
        }

        using (var host = await HostStub.StartAsync(Order(ephemeral: false), Cancellation))
        {
            await SendAsync(StorageAt(host.Ready), "sent just before");
            host.KillGroup();
        }

        await using var next = await StartAsync();
        Assert.Equal("sent just before", await ReceiveAsync(next.StorageOf("stub", "c3R1Yg==")));
        await next.StopAsync();
        Assert.Empty(ProcessTable.With(_folder));
    }

    [Fact]
    public async Task EphemeralHost_WhenKilledMinusNine_LeavesNeitherProcessesNorFiles()
    {
        DataFolder.Open(_folder).Dispose(); // Lets others through, as a folder above must.
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "ephemeral")).FullName;
        using (var host = await HostStub.StartAsync(Order(ephemeral: true) with { Folder = folder }, Cancellation))
        {
            Assert.Equal("ready", host.Ready.Event);
            host.KillGroup();
        }

        await ProcessTable.UntilNoneAsync(folder);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Everything_WhenKilledMinusNine_RecoversAtTheNextStart()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first.Database, "CREATE TABLE kept AS SELECT 42 AS answer");
            ProcessTable.Kill(_folder);
        }

        await using var second = await StartAsync();

        Assert.Equal(42, await ScalarAsync(second.Database, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Servers_WhoseGuardIsKilled_EndByThemselves()
    {
        DataFolder.Open(_folder).Dispose(); // Lets others through.
        using var host = await HostStub.StartAsync(Order(ephemeral: false), Cancellation);

        ProcessTable.Kill(_folder, "guard.mjs", "serve");

        await ProcessTable.UntilNoneAsync(Path.Combine(_folder, "postgres"));
        await ProcessTable.UntilNoneAsync(Path.Combine(_folder, "azurite"));
    }

    [Fact]
    public async Task EphemeralHost_GoneWhileTheServersStart_LeavesNeitherProcessesNorFilesAndSoon()
    {
        DataFolder.Open(_folder).Dispose(); // Lets others through.
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "ephemeral")).FullName;
        var begin = Stopwatch.GetTimestamp();

        await HostStub.StartAndLeaveAsync(Order(ephemeral: true) with { Folder = folder }, Cancellation);

        await ProcessTable.UntilNoneAsync(folder);
        Assert.False(Directory.Exists(folder));
        Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(10), "A server was waited for until it was killed.");
    }

    [Fact]
    public async Task Server_ThatDies_IsStartedAgainAtItsAddressAndSoAreBothWithTheirGuard()
    {
        await using var services = await StartAsync();
        await ExecuteAsync(services.Database, "CREATE TABLE kept AS SELECT 42 AS answer");

        foreach (var (program, note) in ((string, string)[])
        [
            ("azurite.js", "Azurite is running again."),
            ("bin/postgres", "PostgreSQL is running again."),
            ("guard.mjs", "Azurite and PostgreSQL are running again."),
        ])
        {
            ProcessTable.Kill(_folder, program);
            await NotedAsync(note);

            Assert.Equal(42, await ScalarAsync(services.Database, "SELECT answer FROM kept"));
            await SendAsync(services.Storage, "after");
        }

        await services.StopAsync();
        Assert.Empty(ProcessTable.With(_folder));
    }

    [Fact]
    public async Task SampleData_LoadedTwice_IsThereOnce()
    {
        await using var services = await StartAsync();

        await SampleData.LoadAsync(services.Database, _notes.Enqueue, Cancellation);
        await SampleData.LoadAsync(services.Database, _notes.Enqueue, Cancellation);

        Assert.Equal(3201L, await ScalarAsync(services.Database, "SELECT count(*) FROM public.movies"));
        Assert.Equal(20_000L, await ScalarAsync(services.Database, "SELECT count(*) FROM public.flights"));
        Assert.Equal(6.1m, await ScalarAsync(services.Database, "SELECT imdb_rating FROM public.movies WHERE title = 'The Land Girls'"));
        Assert.Equal(true, await ScalarAsync(services.Database, "SELECT has_table_privilege('slowlane_job', 'movies', 'select') AND has_table_privilege('slowlane_job', 'flights', 'select')"));
        Assert.Equal(2, _notes.Count(note => note.StartsWith("Loaded", StringComparison.Ordinal)));
    }

    private static string StorageAt(GuardEvent ready)
        => $"DefaultEndpointsProtocol=http;AccountName=stub;AccountKey=c3R1Yg==;QueueEndpoint=http://127.0.0.1:{ready.QueuePort}/stub;";

    private static async Task SendAsync(string storage, string text)
    {
        var queue = new QueueClient(storage, "kept");
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync(text, Cancellation);
    }

    private static async Task<string> ReceiveAsync(string storage)
        => (await new QueueClient(storage, "kept").ReceiveMessageAsync(cancellationToken: Cancellation)).Value.MessageText;

    private static async Task ExecuteAsync(string database, string sql) => await ScalarAsync(database, sql);

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private Task<DevelopmentServices> StartAsync()
        => DevelopmentServices.StartAsync(
            new ServicesOptions { Folder = _folder, Log = _notes.Enqueue, Accounts = new Dictionary<string, string>(StringComparer.Ordinal) { ["stub"] = "c3R1Yg==" } },
            Cancellation);

    private GuardOrder Order(bool ephemeral) => new(
        _folder,
        ephemeral,
        new PostgresOrder(Packages.Postgres, "stub"),
        new AzuriteOrder(Packages.Azurite, "stub:c3R1Yg==;devstoreaccount1:c3R1Yg=="));

    private Task NotedAsync(string note) => Eventually.HoldsAsync(() => _notes.Contains(note, StringComparer.Ordinal), note);
}
