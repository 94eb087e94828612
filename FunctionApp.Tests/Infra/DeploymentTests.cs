using System.Text.RegularExpressions;
using Slowlane.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>azd, the pipeline and their scripts fit the infrastructure that they deploy.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string Pipeline = Text("azure-pipelines.yml");
    private static readonly string Azd = Text("azure.yaml");
    private static readonly string[] Numbers = ["no", "one", "two", "three", "four", "five", "six"];

    [Fact]
    public async Task VariablesOfThePipeline_AreOutputsOfTheDeployment()
    {
        var outputs = await OutputsAsync();
        var variables = Variable().Matches(Pipeline).Select(match => match.Groups["name"].Value).Where(name => name is not "NUGET_PACKAGES").ToList();

        Assert.NotEmpty(variables);
        Assert.All(variables, name => Assert.Contains(name, outputs));
    }

    [Theory]
    [InlineData("infra/hooks/database-role.sh")]
    [InlineData("infra/hooks/missing-functions.sh")]
    [InlineData("infra/hooks/sync-triggers.sh")]
    public async Task WhatAHookNeeds_IsAnOutputOrTheEnvironmentsOwn(string hook)
    {
        var outputs = await OutputsAsync();
        var needed = Needed().Matches(Text(hook)).Select(match => match.Groups["name"].Value).ToList();

        Assert.NotEmpty(needed);
        Assert.All(needed, name => Assert.Contains(name, outputs.Append("DATABASE_ADMIN_NAME"), StringComparer.Ordinal));
    }

    [Fact]
    public void FilesThatAreNamed_AreThere()
    {
        var named = RelativeFile().Matches(Pipeline + Azd).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.Contains("infra/main.prod.bicepparam", named, StringComparer.Ordinal);
        Assert.All(named, path => Assert.True(File.Exists(Path.Combine(ProjectFolder.Root, path)), path));
    }

    [Fact]
    public async Task TheService_IsTheOneThatTheAppIsTaggedWith()
    {
        var service = Service().Match(Azd).Groups["name"].Value;

        Assert.Equal((await Compiled.InfraAsync()).Development.The("Microsoft.Web/sites").Text("tags.azd-service-name"), service);
    }

    [Fact]
    public void ThePipeline_RunsWhatAChangeMustPassAndWritesNoSecret()
    {
        Assert.Contains("script: .ci/run", Pipeline, StringComparison.Ordinal);
        Assert.Contains("script: .ci/bench", Pipeline, StringComparison.Ordinal);
        Assert.DoesNotMatch(SecretValue(), Pipeline + Azd);
    }

    [Fact]
    public void ThePipeline_HoldsWhatItDeployedToTheContract()
    {
        // As .ci/run built it: of itself, publishing takes what was built for release.
        Assert.Contains("dotnet publish FunctionApp.Tests --configuration Debug --no-build", Pipeline, StringComparison.Ordinal);
        Assert.Contains($"dotnet conformance/{typeof(DeploymentTests).Assembly.GetName().Name}.dll -namespace {typeof(Conformance.Target).Namespace}", Pipeline, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePipeline_CompilesWithTheCompilerOfTheTests()
    {
        var deployments = Pipeline.Split("az deployment sub ")[..^1];

        Assert.Equal(2, deployments.Length);
        Assert.All(deployments, before => Assert.EndsWith($"az bicep install --version v{BicepCompiler.Version}", before.Trim(), StringComparison.Ordinal));
    }

    [Fact]
    public void AzdAndPipeline_HaveTheTriggersReadAfterADeployment()
    {
        Assert.Matches(@"postdeploy:\n +shell: sh\n +run: infra/hooks/sync-triggers\.sh\n", Azd);
        var deployed = Pipeline[Pipeline.IndexOf("- task: AzureFunctionApp@2", StringComparison.Ordinal)..];
        Assert.Matches(@"(?s)inlineScript: sh infra/hooks/sync-triggers\.sh\n.*sh infra/hooks/smoke\.sh ", deployed);
    }

    [Fact]
    public void TheApp_IsInItsOwnFolderBeforeAnythingRuns()
    {
        Assert.Equal("var builder = SlowlaneApplication.CreateBuilder(args);", First(Text("FunctionApp/Program.cs"), "var "));
        Assert.Equal("Directory.SetCurrentDirectory(AppContext.BaseDirectory);", First(Text("Slowlane/SlowlaneApplication.cs"), "Directory", "var "));

        static string First(string code, params string[] beginnings)
            => code.Split('\n').Select(line => line.Trim()).First(line => beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal)));
    }

    [Fact]
    public void Production_WaitsForAnApproval()
    {
        Assert.Matches(@"- name: prod\n +after: \w+\n +approval: true\n", Pipeline);
        Assert.Contains("- task: ManualValidation@", Pipeline, StringComparison.Ordinal);
        Assert.Matches(@"- deployment: Deploy\n +\$\{\{ if eq\(environment\.approval, true\) \}\}:\n +dependsOn: Approve\n", Pipeline);
    }

    [Fact]
    public async Task WhatItCosts_IsReckonedWithWhatIsDeployed()
    {
        var production = (await Compiled.InfraAsync()).Production;
        var costs = Text("docs/deploy.md");
        var warm = production.Parameter("alwaysReady").EnumerateArray().Sum(group => group.At("instanceCount").GetInt32());
        var endpoints = BicepTests.Endpoints(production).Count;

        Assert.Contains($"{Numbers[warm]} warm instances {warm} ×", costs, StringComparison.Ordinal);
        Assert.Contains($"{Numbers[endpoints]} private endpoints", costs, StringComparison.Ordinal);
    }

    private static async Task<HashSet<string>> OutputsAsync()
        => (await Compiled.InfraAsync()).Template.At("outputs").EnumerateObject().Select(output => output.Name).ToHashSet(StringComparer.Ordinal);

    private static string Text(string path) => File.ReadAllText(Path.Combine(ProjectFolder.Root, path));

    [GeneratedRegex(@"\$\((?<name>[A-Z]+_[A-Z_]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+):\?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Needed();

    [GeneratedRegex(@"\binfra/[\w./-]+\.\w+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RelativeFile();

    [GeneratedRegex(@"^services:\n  (?<name>\w+):", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Service();

    [GeneratedRegex(@"(?i)(password|secret|accountkey|token)\s*[:=]\s*['""]?[A-Za-z0-9+/=]{8,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretValue();
}
