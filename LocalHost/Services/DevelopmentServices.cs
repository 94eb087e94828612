using System.Globalization;
using Npgsql;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Services;

/// <summary>Azurite and PostgreSQL, started for this process and stopped after it.</summary>
internal sealed class DevelopmentServices : IAsyncDisposable
{
    /// <summary>The well-known account of storage emulators. Its key is public.</summary>
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string DatabaseName = "slowlane";

    private readonly DataFolder _folder;
    private readonly Guard _guard;
    private readonly string _password;

    private DevelopmentServices(DataFolder folder, Guard guard, string password)
    {
        _folder = folder;
        _guard = guard;
        _password = password;
    }

    /// <summary>The database's Npgsql connection string.</summary>
    public string Database => ConnectionString(DatabaseName);

    /// <summary>The guard that ends this process's children when this process is gone.</summary>
    public Guard Guard => _guard;

    /// <summary>The server's maintenance database.</summary>
    public string MaintenanceDatabase => ConnectionString("postgres");

    /// <summary>The URI of the database, for psql.</summary>
    public string DatabaseUri => string.Create(
        CultureInfo.InvariantCulture, $"postgresql://postgres:{_password}@127.0.0.1:{_guard.Ready.DatabasePort}/{DatabaseName}");

    /// <summary>The connection string of the emulator's well-known account.</summary>
    public string Storage => StorageOf(Account, AccountKey);

    /// <summary>Starts the servers that the options name. Returns when they answer.</summary>
    public static async Task<DevelopmentServices> StartAsync(ServicesOptions options, CancellationToken cancellationToken)
    {
        var postgres = options.Database ? Packages.Postgres : null;
        var azurite = options.Storage ? Packages.Azurite : null;
        var folder = options.Ephemeral ? DataFolder.Temporary() : DataFolder.Open(options.Folder);
        try
        {
            var password = folder.Password();
            var order = new GuardOrder(
                folder.Location,
                options.Ephemeral,
                postgres is null ? null : new PostgresOrder(postgres, password),
                azurite is null ? null : new AzuriteOrder(azurite, Accounts(options)));
            var guard = await Guard.StartAsync(order, options.Log, cancellationToken);
            return await WithDatabaseAsync(new DevelopmentServices(folder, guard, password), options, cancellationToken);
        }
        catch
        {
            folder.Dispose();
            if (options.Ephemeral && Directory.Exists(folder.Location))
            {
                Directory.Delete(folder.Location, recursive: true); // No guard ran to delete it.
            }

            throw;
        }
    }

    /// <summary>The connection string of an account given in <see cref="ServicesOptions.Accounts"/>.</summary>
    public string StorageOf(string account, string key) => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{_guard.Ready.BlobPort}/{account};QueueEndpoint=http://127.0.0.1:{_guard.Ready.QueuePort}/{account};TableEndpoint=http://127.0.0.1:{_guard.Ready.TablePort}/{account};");

    public Task StopAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _guard.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<DevelopmentServices> WithDatabaseAsync(DevelopmentServices services, ServicesOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (options.Database)
            {
                await services.CreateDatabaseAsync(cancellationToken);
            }

            return services;
        }
        catch
        {
            await services._guard.DisposeAsync(); // The servers must end before another process can lock the folder.
            throw;
        }
    }

    private static string Accounts(ServicesOptions options)
        => string.Join(';', options.Accounts.Append(KeyValuePair.Create(Account, AccountKey)).Select(account => $"{account.Key}:{account.Value}"));

    // Complete: the libpq variables of the environment are meant for another server. Each keyword here keeps one of them out.
    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _guard.Ready.DatabasePort,
        Database = database,
        Username = "postgres",
        Password = _password,
        ClientEncoding = "UTF8",
        Timezone = "UTC",
        Options = "-c DateStyle=ISO",
        SslMode = SslMode.Disable,
        SslNegotiation = SslNegotiation.Postgres,
        GssEncryptionMode = GssEncryptionMode.Disable,
        RequireAuth = "ScramSHA256",
    }.ConnectionString;

    /// <exception cref="CannotStartException">The server refuses the connection or has ended.</exception>
    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CreateMissingAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new CannotStartException($"The password in {Path.Combine(_folder.Location, "password")} is not that of the data beside it: restore the file, remove {_folder.Location} with its data, or start with --ephemeral for data of its own.");
        }
        catch (NpgsqlException error)
        {
            throw Gone(error);
        }
    }

    /// <summary>The exception for a server that ended while the start still needed it.</summary>
    internal static CannotStartException Gone(NpgsqlException error) => new($"PostgreSQL ended during the start ({error.Message.ReplaceLineEndings(" ")}): start LocalHost again.");

    private async Task CreateMissingAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(MaintenanceDatabase);
        await using var find = source.CreateCommand($"SELECT 1 FROM pg_database WHERE datname = '{DatabaseName}'");
        if (await find.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {DatabaseName}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
