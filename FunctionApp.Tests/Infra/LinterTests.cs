using System.Text.Json;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>The compiler and its linter have nothing to say of <c>infra/</c>, and would say it.</summary>
public sealed class LinterTests
{
    private static readonly Dictionary<string, string> NoEnvironment = new(StringComparer.Ordinal);

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

    [Theory]
    [InlineData("@description('x')\nparam unused string", "Error no-unused-params", 1)]
    [InlineData("output undescribed string = resourceGroup().name", "Error use-description-outputs", 1)]
    [InlineData("resource a 'Microsoft.Storage/storageAccounts@2023-01-01' existing = { name: 'a' }\n@description('x')\noutput b string = a.id", "Warning use-recent-api-versions", 0)]
    [InlineData("resource a 'Microsoft.Web/serverfarms@1066-10-14' existing = { name: 'a' }\n@description('x')\noutput b string = a.id", "Warning BCP081", 0)]
    public async Task FileThatBreaksARule_IsReported(string source, string report, int exitCode)
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-lint-").FullName;
        try
        {
            File.Copy(Path.Combine(Compiled.Folder, "bicepconfig.json"), Path.Combine(folder, "bicepconfig.json"));
            await File.WriteAllTextAsync(Path.Combine(folder, "broken.bicep"), source, TestContext.Current.CancellationToken);

            var run = await BicepCompiler.RunAsync(folder, NoEnvironment, "lint", "broken.bicep");

            Assert.Contains(report, run.Errors, StringComparison.Ordinal);
            Assert.Equal(exitCode, run.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
