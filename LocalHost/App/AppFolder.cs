using System.Text.Json;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.App;

/// <summary>The output folder of an isolated-worker app, as a build or a publish leaves it.</summary>
/// <param name="Location">The full path.</param>
/// <param name="Executable">The program that runs the worker: <c>dotnet</c>, or the app's own executable.</param>
/// <param name="Entry">The worker's assembly; null when <paramref name="Executable"/> is the worker itself.</param>
internal sealed record AppFolder(string Location, string Executable, string? Entry)
{
    private const string WorkerConfig = "worker.config.json";

    /// <exception cref="CannotStartException">The folder does not hold an app of the dotnet-isolated worker.</exception>
    public static AppFolder Open(string path)
    {
        var location = Path.GetFullPath(path);
        if (!Directory.Exists(location))
        {
            throw CannotStartException.Usage($"The app folder {location} does not exist: build the app, or name the output folder of another with --app.");
        }

        var config = Path.Combine(location, WorkerConfig);
        if (!File.Exists(config))
        {
            throw CannotStartException.Usage(
                $"{location} has no {WorkerConfig}, so it is not the output of an isolated-worker app: name the folder that \"dotnet build\" or \"dotnet publish\" of the app wrote.");
        }

        return Read(location, config);
    }

    private static AppFolder Read(string location, string config)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(config));
            var description = document.RootElement.GetProperty("description");
            var executable = Text(description, "defaultExecutablePath");
            var entry = Text(description, "defaultWorkerPath");
            if (entry is null || !File.Exists(Path.Combine(location, entry)))
            {
                throw CannotStartException.Usage($"{config} names the worker \"{entry}\", which is not in that folder: build the app again.");
            }

            return string.Equals(executable, "dotnet", StringComparison.OrdinalIgnoreCase)
                ? new AppFolder(location, "dotnet", Path.Combine(location, entry))
                : new AppFolder(location, Path.Combine(location, entry), null);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw CannotStartException.Usage($"{config} is not the description of a worker ({error.Message}): build the app again.");
        }
    }

    private static string? Text(JsonElement description, string name)
        => description.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
