using System.Text.Json;
using Slowlane.LocalHost.Services;

namespace Slowlane.Tests.Infra;

/// <summary>What the compiler makes of <c>infra/</c>, once for all tests.</summary>
internal sealed class Compiled
{
    private const string AnyId = "11111111-2222-3333-4444-555555555555";

    /// <summary>What the parameter files read, as azd and the pipeline set it.</summary>
    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["AZURE_ENV_NAME"] = "sample",
        ["AZURE_LOCATION"] = "westeurope",
        ["AZURE_PRINCIPAL_ID"] = AnyId,
        ["DATABASE_ADMIN_NAME"] = "deployer",
        ["DATABASE_ADMIN_TYPE"] = "ServicePrincipal",
        ["DEPLOYER_ADDRESS"] = "203.0.113.7",
        ["ALERT_EMAIL"] = "operator@example.com",
    };

    private static readonly Lazy<Task<Compiled>> Once = new(CompileAsync);

    private Compiled(string diagnostics, CompiledEnvironment development, CompiledEnvironment production)
    {
        Diagnostics = diagnostics;
        Development = development;
        Production = production;
    }

    public static string Folder { get; } = Path.Combine(ProjectFolder.Root, "infra");

    /// <summary>Every warning about any of the files.</summary>
    public string Diagnostics { get; }

    /// <summary><c>main.bicepparam</c>.</summary>
    public CompiledEnvironment Development { get; }

    /// <summary><c>main.prod.bicepparam</c>.</summary>
    public CompiledEnvironment Production { get; }

    /// <summary><c>main.bicep</c>, with its modules inside.</summary>
    public JsonElement Template => Production.Template;

    /// <exception cref="InvalidOperationException">A file does not compile; the message has the errors.</exception>
    public static Task<Compiled> InfraAsync() => Once.Value;

    /// <summary>The environment that a parameter file describes.</summary>
    public CompiledEnvironment Of(string path) => path is "main.bicepparam" ? Development : Production;

    private static async Task<Compiled> CompileAsync()
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-infra-").FullName; // A snapshot is written beside its parameters.
        try
        {
            Copy(Folder, folder);
            var lint = RunAsync(folder, "lint", "--pattern", "**/*.bicep");
            var development = EnvironmentAsync(folder, "main");
            var production = EnvironmentAsync(folder, "main.prod");
            var runs = new[] { (await lint).Errors, (await development).Diagnostics, (await production).Diagnostics };
            return new Compiled(string.Concat(runs), await development, await production);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<CompiledEnvironment> EnvironmentAsync(string folder, string name)
    {
        var build = await RunAsync(folder, "build-params", name + ".bicepparam", "--stdout");
        var snapshot = await RunAsync(folder, "snapshot", name + ".bicepparam", "--subscription-id", AnyId, "--location", "westeurope", "--deployment-name", "slowlane");
        using var built = JsonDocument.Parse(build.Output);
        return new CompiledEnvironment(
            build.Errors + snapshot.Errors,
            Json(built.RootElement.GetProperty("templateJson").GetString()!),
            Json(built.RootElement.GetProperty("parametersJson").GetString()!).GetProperty("parameters"),
            Json(await File.ReadAllTextAsync(Path.Combine(folder, name + ".snapshot.json"))));
    }

    private static async Task<ToolRun> RunAsync(string folder, params string[] arguments)
        => await BicepCompiler.RunAsync(folder, Environment, arguments) is var run && run.ExitCode == 0
            ? run
            : throw new InvalidOperationException($"bicep {string.Join(' ', arguments)} ends with {run.ExitCode}:\n{run.Errors}");

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Contains("bicep", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
