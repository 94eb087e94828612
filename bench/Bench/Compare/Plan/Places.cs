namespace Slowlane.Bench.Compare.Plan;

/// <summary>Where the processes of a variant find things.</summary>
/// <param name="Database">Npgsql connection string of the variant's own database.</param>
/// <param name="DatabaseUri">The same for libpq.</param>
/// <param name="Storage">Azurite's connection string; empty where it doesn't run.</param>
/// <param name="BrokerPort">A free port for a broker.</param>
/// <param name="Folder">For data, logs and temporary files.</param>
/// <param name="Processes">How many processes compute: one a core.</param>
/// <param name="Redelivery">How long a silent worker keeps its job, where that can be set.</param>
/// <param name="Published">Where what is published for the bench goes.</param>
internal sealed record Places(string Database, Uri DatabaseUri, string Storage, int BrokerPort, string Folder, int Processes, TimeSpan Redelivery, string Published);
