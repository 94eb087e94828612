using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Services;

namespace Slowlane.LocalHost.Processes;

/// <summary>The storage and the database under the app: given ones, or servers of this process's own that stop after all else.</summary>
internal sealed class Backing(DevelopmentServices? services) : IHostedLifecycleService
{
    private bool _loadsSamples;

    /// <summary>Starts what is not given, writes its connection strings into the settings, and says where things are.</summary>
    public static async Task<Backing> PrepareAsync(
        LocalHostOptions options, Dictionary<string, string?> settings, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        var given = new Dictionary<string, string?>(settings.Concat(environment), StringComparer.OrdinalIgnoreCase);
        var storageGiven = Connections.IsGiven(Connections.Storage, given);
        var databaseGiven = Connections.IsGiven(Connections.Database, given);
        RequireBoth(options, storageGiven, databaseGiven);

#pragma warning disable CA2000 // Backing's last step stops them; should the process end before, so does the guard.
        var backing = new Backing(storageGiven && databaseGiven
            ? null
            : await DevelopmentServices.StartAsync(
                new ServicesOptions { Database = !databaseGiven, Storage = !storageGiven, Ephemeral = options.Ephemeral, Note = Console.WriteLine },
                cancellationToken));
#pragma warning restore CA2000
        await backing.UseDatabaseAsync(databaseGiven, given, settings, cancellationToken);
        await backing.UseStorageAsync(storageGiven, given, settings, cancellationToken);
        return backing;
    }

    public void Register(IServiceCollection collection) => collection.AddSingleton<IHostedService>(this);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before HTTP: whoever can call finds the sample data.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
        => services is null || !_loadsSamples ? Task.CompletedTask : SampleData.LoadAsync(services.Database, Console.WriteLine, cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last step of a host's end: everything that used the servers has stopped.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => services?.StopAsync() ?? Task.CompletedTask;

    private static void RequireBoth(LocalHostOptions options, bool storageGiven, bool databaseGiven)
    {
        if (options.Role is LocalRole.All || (storageGiven && databaseGiven))
        {
            return;
        }

        var missing = (storageGiven, databaseGiven) switch
        {
            (false, false) => "AzureWebJobsStorage and Slowlane__Database are",
            (false, true) => "AzureWebJobsStorage is",
            _ => "Slowlane__Database is",
        };
        throw CannotStartException.Usage(
            $"A single role shares its storage and database with other processes, and {missing} not set: set them in the environment or in {LocalSettings.FileName}, or leave out --role.");
    }

    private async Task UseDatabaseAsync(
        bool isGiven, Dictionary<string, string?> given, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        if (isGiven)
        {
            var endpoint = Connections.DatabaseEndpoint(given.GetValueOrDefault(Connections.Database));
            await SayGivenAsync("Database", endpoint, "jobs are accepted, and run once it is back", cancellationToken);
            return;
        }

        settings[Connections.Database] = services!.Database;
        _loadsSamples = true;
        Console.WriteLine($"Database  {services.DatabaseUri}");
    }

    private async Task UseStorageAsync(
        bool isGiven, Dictionary<string, string?> given, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        if (isGiven)
        {
            var endpoint = Connections.StorageEndpoint(given.GetValueOrDefault(Connections.Storage));
            await SayGivenAsync("Storage", endpoint, "no job can be accepted until it is back", cancellationToken);
            return;
        }

        settings[Connections.Storage] = services!.Storage;
        Console.WriteLine($"Storage   {services.Storage}");
    }

    private static async Task SayGivenAsync(string what, (string Host, int Port)? endpoint, string consequence, CancellationToken cancellationToken)
    {
        var place = endpoint is (var host, var port) ? string.Create(CultureInfo.InvariantCulture, $"{host}:{port}") : "as given in the settings";
        var answers = endpoint is null || await Reachability.AnswersAsync(endpoint.Value.Host, endpoint.Value.Port, cancellationToken);
        Console.WriteLine($"{what,-10}{place}{(answers ? "" : $" does not answer: {consequence}.")}");
    }
}
