using System.Text.Json;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>The compiler and its linter have nothing to say of <c>infra/</c>, and would say it.</summary>
public sealed class LinterTests
{
    private static readonly Dictionary<string, string> NoEnvironment = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, (string Source, string Report)> Broken = new(StringComparer.Ordinal)
    {
        ["parameter"] = ("@description('x')\nparam unused string", "Error no-unused-params"),
        ["output"] = ("output undescribed string = resourceGroup().name", "Error use-description-outputs"),
        ["version"] = ("resource a 'Microsoft.Storage/storageAccounts@2023-01-01' existing = { name: 'a' }\n@description('x')\noutput b string = a.id", "Warning use-recent-api-versions"),
        ["type"] = ("resource a 'Microsoft.Web/serverfarms@1066-10-14' existing = { name: 'a' }\n@description('x')\noutput b string = a.id", "Warning BCP081"),
    };

    [Fact]
    public async Task Files_CompileWithoutAWarning() => Assert.Empty((await Compiled.InfraAsync()).Diagnostics);

    [Fact]
    public async Task Rules_AreErrorsButForTwoWithTheirReasons()
    {
        var config = await File.ReadAllTextAsync(Path.Combine(Compiled.Folder, "bicepconfig.json"), TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(config, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        var rules = document.RootElement.At("analyzers.core.rules").EnumerateObject().ToDictionary(rule => rule.Name, rule => rule.Value.Text("level"), StringComparer.Ordinal);

        Assert.Equal(55, rules.Count);
        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["use-description-vars"] = "off", ["use-recent-api-versions"] = "warning" },
            rules.Where(rule => rule.Value is not "error").ToDictionary(StringComparer.Ordinal));
    }

    [Fact]
    public async Task FilesThatBreakARule_AreReported()
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-lint-").FullName;
        try
        {
            File.Copy(Path.Combine(Compiled.Folder, "bicepconfig.json"), Path.Combine(folder, "bicepconfig.json"));
            foreach (var (name, (source, _)) in Broken)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name + ".bicep"), source, TestContext.Current.CancellationToken);
            }

            var run = await BicepCompiler.RunAsync(folder, NoEnvironment, "lint", "--pattern", "*.bicep");

            Assert.Equal(1, run.ExitCode);
            Assert.All(Broken, file => Assert.Contains(
                run.Errors.Split('\n'),
                line => line.Contains($"/{file.Key}.bicep(", StringComparison.Ordinal) && line.Contains(file.Value.Report, StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
