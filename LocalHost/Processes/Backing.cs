using System.Globalization;
using Npgsql;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Processes;

/// <summary>The storage and the database of the app: given ones, or servers that this process starts and stops last.</summary>
internal sealed class Backing(DevelopmentServices services) : IAsyncDisposable
{
    private bool _loadsSamples;
    private (string Host, int Port)? _storage;

    /// <summary>The guard that ends the workers when this process is gone.</summary>
    public Guard Guard => services.Guard;

    /// <summary>Starts the servers that are not given, adds their connection strings to the settings, and prints the addresses.</summary>
    public static async Task<Backing> PrepareAsync(LocalHostOptions options, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var storageGiven = Connections.IsGiven(Connections.Storage, settings);
        var databaseGiven = Connections.IsGiven(Connections.Database, settings);
        RequireBoth(options, storageGiven, databaseGiven);

        // A guard without servers stores nothing, and must not lock the folder of another host.
        var isEphemeral = options.Ephemeral || (storageGiven && databaseGiven);
#pragma warning disable CA2000 // Backing stops them; should the process end before, so does the guard.
        var backing = new Backing(await DevelopmentServices.StartAsync(
            new ServicesOptions { Database = !databaseGiven, Storage = !storageGiven, Ephemeral = isEphemeral, Log = Console.WriteLine },
            cancellationToken));
#pragma warning restore CA2000
        await backing.UseDatabaseAsync(databaseGiven, settings, cancellationToken);
        await backing.UseStorageAsync(storageGiven, settings, cancellationToken);
        return backing;
    }

    /// <summary>Loads the sample data, if the database belongs to this host.</summary>
    public async Task LoadSamplesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (_loadsSamples ? SampleData.LoadAsync(services.Database, Console.WriteLine, cancellationToken) : Task.CompletedTask);
        }
        catch (NpgsqlException error)
        {
            throw DevelopmentServices.Gone(error);
        }
    }

    /// <summary>Whether storage accepts connections. True if the settings don't tell its address.</summary>
    public async Task<bool> StorageAnswersAsync(CancellationToken cancellationToken)
        => _storage is not (var host, var port) || await Reachability.AnswersAsync(host, port, cancellationToken);

    /// <summary>The last step when a host stops. Everything that used the servers has already stopped.</summary>
    public ValueTask DisposeAsync() => services.DisposeAsync();

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

    private async Task UseDatabaseAsync(bool isGiven, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        if (isGiven)
        {
            var endpoint = Connections.DatabaseEndpoint(settings.GetValueOrDefault(Connections.Database));
            await SayGivenAsync("Database", endpoint, "jobs are accepted, and run once it is back", cancellationToken);
            return;
        }

        settings[Connections.Database] = services.Database;
        _loadsSamples = true;
        Console.WriteLine($"Database  {services.DatabaseUri}");
    }

    private async Task UseStorageAsync(bool isGiven, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        if (isGiven)
        {
            _storage = Connections.StorageEndpoint(settings.GetValueOrDefault(Connections.Storage));
            await SayGivenAsync("Storage", _storage, "no job can be accepted until it is back", cancellationToken);
            return;
        }

        settings[Connections.Storage] = services.Storage;
        _storage = ("127.0.0.1", Guard.Ready.QueuePort);
        Console.WriteLine($"Storage   {services.Storage}");
    }

    private static async Task SayGivenAsync(string what, (string Host, int Port)? endpoint, string consequence, CancellationToken cancellationToken)
    {
        var place = endpoint is (var host, var port) ? string.Create(CultureInfo.InvariantCulture, $"{host}:{port}") : "as given in the settings";
        var answers = endpoint is null || await Reachability.AnswersAsync(endpoint.Value.Host, endpoint.Value.Port, cancellationToken);
        Console.WriteLine($"{what,-10}{place}{(answers ? "" : $" does not answer: {consequence}.")}");
    }
}
