using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

public sealed class StartFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("start-failure-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Slowlane__Database", "mysql://app:hidden@127.0.0.1/t3", "The setting Slowlane:Database is a URI of another scheme; ")]
    [InlineData("Logging__LogLevel__Slowlane", "bogus", "The setting Logging:LogLevel:Slowlane is 'bogus'; choose one of Trace, Debug, ")]
    [InlineData("Slowlane__Samples", "yes", "The setting Slowlane:Samples is 'yes'; choose true or false.")]
    [InlineData("AzureWebJobsStorage", "AccountName=a;AccountKey=hidden!", "The setting AzureWebJobsStorage is no connection string ")]
    public async Task Setting_ThatTheAppCannotUse_EndsTheHostWithTheAppsSentenceSaidOnce(string name, string value, string sentence)
    {
        var run = await RunAsync([(name, value)], "--port", "0", "--workers", "2");

        AssertFailed(run, 2, sentence);
        Assert.DoesNotContain("The setting ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("started once more", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_ThatCannotUseItsSettingsAfterARestart_EndsTheHostWithItsSentence()
    {
        RunTinyApp("""[ ! -e "$TMPDIR/tried" ] || { echo "The setting Some is wrong." >&2; exit 78; }; : > "$TMPDIR/tried"; exec dotnet TinyApp.dll "$@" """);
        using var notes = new TinyNotes();
        await using var host = await HostProcess.StartAsync(TinyHost.Settings(await TestServices.StorageAsync(), notes), "--role", "front", "--app", _folder);

        using (var worker = Process.GetProcessById(Assert.Single(host.Workers.Of("web"))))
        {
            worker.Kill();
        }

        Assert.Equal(2, await host.EndedAsync());
        await host.SaysAsync("The setting Some is wrong.");
        Assert.Single(host.Output.Split("The setting Some is wrong.").Skip(1));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    public async Task Port_WhereAnybodyListens_IsOneSentenceAndExitCodeOne(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        AssertFailed(
            await RunAsync([], "--port", $"{port}", "--role", "front"),
            1,
            $"Port {port} is in use: stop what listens there, or choose another with --port, or --port 0 for a free one.");
    }

    [Fact]
    public async Task AppFolder_WithoutAWorker_IsOneSentence()
        => AssertFailed(
            await RunAsync([], "--port", "0", "--app", _folder),
            2,
            $"{_folder} has no worker.config.json, so it is not the output of an isolated-worker app: name the folder that \"dotnet build\" or \"dotnet publish\" of the app wrote.");

    [Fact]
    public async Task HostJson_ThatAnExtensionRefuses_IsOneSentence()
        => AssertFailed(
            await RunAsync([("AzureFunctionsJobHost__extensions__queues__batchSize", "33")], "--role", "worker", "--workers", "1", "--app", TinyApp.Folder),
            2,
            "The platform's extensions can't start: QueuesOptions.BatchSize is refused: ",
            " Correct host.json or the settings.");

    [Fact]
    public async Task HostJson_WithAValueThatAnExtensionHasNoNameFor_IsOneSentenceThatHas()
        => AssertFailed(
            await RunAsync([("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "abc")], "--role", "worker", "--workers", "1", "--app", TinyApp.Folder),
            2,
            "extensions.queues.visibilityTimeout in host.json is \"abc\": choose a time as hh:mm:ss, such as 00:00:30.");

    [Fact]
    public async Task Function_WithATriggerThatThisHostHasNot_IsOneSentence()
        => AssertFailed(
            await RunAsync([("Tiny__Binding", """{"name":"blob","type":"blobTrigger","direction":"In","path":"p"}""")], "--port", "0", "--role", "front", "--app", TinyApp.Folder),
            2,
            "The function Strange has a blobTrigger, and this host has httpTrigger, queueTrigger, timerTrigger, orchestrationTrigger, activityTrigger: run the app with Core Tools, or set AzureWebJobs.Strange.Disabled to true.");

    [Fact]
    public async Task Worker_ThatNeverSaysHello_IsOneSentenceAfterItsTime()
    {
        Script("sleep 300 & wait");

        AssertFailed(
            await RunAsync([("LocalHost__StartSeconds", "1")], "--port", "0", "--role", "front", "--app", _folder),
            1,
            $"[web] The worker process did not say hello within 1 s: see that {_folder}/worker is an isolated-worker app that calls Run(), or give it longer by LocalHost__StartSeconds, from 1 to 86400.");
    }

    [Fact]
    public async Task Worker_ThatCannotBeStarted_IsOneSentence()
    {
        Script("exit 3");
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        AssertFailed(await RunAsync([], "--port", "0", "--role", "front", "--app", _folder), 1, "[web] process ", " ended with exit code 126 before the worker was ready; its output is above.");
    }

    [Fact]
    public async Task Worker_ThatEndsWhileItsChildHoldsItsOutput_IsOneSentenceSoon()
    {
        Script("sleep 20 & exit 3");

        AssertFailed(await RunAsync([], "--port", "0", "--role", "front", "--app", _folder), 1, "[web] process ", " ended with exit code 3 before the worker was ready; its output is above.");
    }

    [Fact]
    public async Task Worker_ThatEndsBeforeItIsReady_IsStartedOnceMore()
    {
        RunTinyApp("""[ -e "$TMPDIR/tried" ] || { : > "$TMPDIR/tried"; exit 3; }; exec dotnet TinyApp.dll "$@" """);
        using var notes = new TinyNotes();
        await using var host = await HostProcess.StartAsync(TinyHost.Settings(await TestServices.StorageAsync(), notes), "--role", "front", "--app", _folder);

        await host.SaysAsync("ended with exit code 3 before the worker was ready; it is started once more");
        Assert.Equal(2, host.Workers.Of("web").Count);
    }

    [Fact]
    public async Task Setting_ThatWouldLeadTheWorkersServersElsewhere_IsOneSentenceWithoutItsValue()
    {
        var run = await RunAsync([("Kestrel__Endpoints__Http__Url", "http://localhost:5000")], "--port", "0", "--role", "front", "--app", TinyApp.Folder);

        AssertFailed(run, 2, "The setting Kestrel__Endpoints__Http__Url would have the workers' HTTP servers listen elsewhere than the host asks them to, here as on Azure: unset it in the environment, and remove it from local.settings.json.");
        Assert.DoesNotContain("5000", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LocalHost__MessageMebibytes", "0", "The setting LocalHost:MessageMebibytes is '0'; choose a whole number from 1 to 2047.")]
    [InlineData("AzureFunctionsJobHost__logging__logLevel__default", "Loud", "logging.logLevel.default in host.json is \"Loud\": choose one of Trace, Debug, Information, Warning, Error, Critical, None.")]
    public async Task Setting_OfTheHostsOwn_ThatCannotBeUsed_IsOneSentence(string name, string value, string sentence)
        => AssertFailed(await RunAsync([(name, value)], "--port", "0", "--role", "front"), 2, sentence);

    private static void AssertFailed(HostRun run, int exitCode, params string[] parts)
    {
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith(parts[0], run.Error, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, run.Error, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', run.Error);
        Assert.DoesNotContain("   at Slowlane.LocalHost", run.Output, StringComparison.Ordinal);
    }

    private static Task<HostRun> RunAsync((string Name, string Value)[] environment, params string[] arguments)
        => HostRun.ToItsEndAsync(environment.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal), arguments);

    /// <summary>Makes the folder an app whose worker is a script.</summary>
    private void Script(string script)
    {
        var worker = Path.Combine(_folder, "worker");
        File.WriteAllText(worker, $"#!/bin/sh\n{script}\n");
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_folder, "worker.config.json"), """{"description":{"language":"dotnet-isolated","defaultExecutablePath":"{WorkerRoot}worker","defaultWorkerPath":"worker"}}""");
    }

    /// <summary>Makes the folder the tiny app, which a script starts.</summary>
    private void RunTinyApp(string script)
    {
        Script(script);
        foreach (var entry in Directory.GetFileSystemEntries(TinyApp.Folder).Where(entry => Path.GetFileName(entry) is not "worker.config.json"))
        {
            File.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(entry)), entry);
        }
    }

    private void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_folder, "worker"), mode);
        }
    }
}
