using Azure.Storage.Queues;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

/// <summary>All functions in one process, without a route prefix and with narrow limits.</summary>
public sealed class OneProcessTests
{
    [Fact]
    public async Task Host_WithNarrowLimits_FailsWhatExceedsThemAndGoesOn()
    {
        using var notes = new TinyNotes();
        var settings = TinyHost.Settings(
            await TestServices.StorageAsync(),
            notes,
            ("LocalHost__RequestSeconds", "2"),
            ("LocalHost__MessageMebibytes", "1"),
            ("AzureFunctionsJobHost__functionTimeout", "00:00:10"),
            ("AzureWebJobsDisableHomepage", "true"));
        await using var host = await HostProcess.StartAsync(settings, "--app", WithoutPrefix(notes), "--workers", "0");

        // A request that nothing moves in.
        Assert.Equal((504, ""), await AskAsync(host, HttpMethod.Get, "/wait/silent"));
        Assert.Contains("gone", await notes.UntilAsync("silent", 2), StringComparer.Ordinal);

        // An activity whose result is too long takes its worker along, and fails.
        await SendAsync(settings["AzureWebJobsStorage"], "fill", """{"a":2000000,"b":0}""");
        await host.SaysAsync("A worker sent a message of more than 1 MiB, the most that this host takes, and is started again.");
        await host.SaysAsync("another is started in");

        await SendAsync(settings["AzureWebJobsStorage"], "start", """{"a":1,"b":2}""");
        Assert.Equal(["Total { Sum = 3 }"], await notes.UntilAsync("total"), StringComparer.Ordinal);
        Assert.Single(notes.Of("fill"));

        // A function that does not end takes its worker along, and its message comes back.
        await SendAsync(settings["AzureWebJobsStorage"], "hold", "overdue");
        await host.SaysAsync("the function Hold runs longer than functionTimeout in host.json, 00:00:10: its process is ended with all that it runs");
        Assert.EndsWith("|2", (await notes.UntilAsync("overdue", 2))[1], StringComparison.Ordinal);
        notes.Open("overdue");

        Assert.Equal((204, ""), await AskAsync(host, HttpMethod.Get, "/"));
        Assert.Equal((200, "here"), await AskAsync(host, HttpMethod.Get, "/variable/Tiny__Local"));
        Assert.Equal(0, await host.SignalAsync("-INT"));
    }

    [Fact]
    public async Task App_WithoutAspNetCore_IsAnsweredWithASentence()
    {
        using var notes = new TinyNotes();
        await using var host = await HostProcess.StartAsync(
            TinyHost.Settings(await TestServices.StorageAsync(), notes, ("Tiny__Plain", "true")), "--app", TinyApp.Folder, "--role", "front");

        Assert.Equal(
            (501, "The function Data takes its requests through messages (HttpRequestData), and this host forwards them by HTTP: call builder.ConfigureFunctionsWebApplication() in the app's Program.cs, or run it with Core Tools.\n"),
            await AskAsync(host, HttpMethod.Post, "/api/v2/Data"));
        Assert.Equal(0, await host.SignalAsync("-TERM"));
    }

    private static async Task<(int Status, string Body)> AskAsync(HostProcess host, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await host.Client.SendAsync(request, Cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>The tiny app under another host.json, which its workers read as well.</summary>
    private static string WithoutPrefix(TinyNotes notes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(notes.Folder, "app")).FullName;
        foreach (var entry in Directory.GetFileSystemEntries(TinyApp.Folder).Where(entry => Path.GetFileName(entry) is not ("host.json" or "local.settings.json")))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(entry)), entry);
        }

        var json = File.ReadAllText(Path.Combine(TinyApp.Folder, "host.json"));
        File.WriteAllText(Path.Combine(folder, "host.json"), json.Replace("\"api/v2\"", "\"\"", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder, "local.settings.json"), """{"Values":{"Tiny__Local":"here","Tiny__Notes":"elsewhere"}}""");
        return folder;
    }

    private static async Task SendAsync(string storage, string queue, string message)
    {
        var client = new QueueClient(storage, queue);
        await client.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await client.SendMessageAsync(message, Cancellation);
    }
}
