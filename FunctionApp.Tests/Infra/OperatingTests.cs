using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.LocalHost.Services;
using Slowlane.Telemetry;
using Slowlane.Tests.Telemetry;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>What operators and alerts look for in the logs is what the app writes there.</summary>
public sealed partial class OperatingTests
{
    private const string Alerts = "the deployed alerts";

    [Theory]
    [InlineData("docs/operate.md")]
    [InlineData(Alerts)]
    public async Task EveryLogLine_ThatAQueryLooksFor_IsOneThatIsWritten(string path)
    {
        var written = string.Join('\n', Directory.EnumerateFiles(Path.Combine(ProjectFolder.Root, "Slowlane"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.Contains("[LoggerMessage(", StringComparison.Ordinal)));
        var sought = Sought().Matches(await TextAsync(path)).Select(match => match.Groups["text"].Value).ToList();

        Assert.NotEmpty(sought);
        Assert.All(sought, text => Assert.Contains(text, written, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/operate.md")]
    [InlineData(Alerts)]
    public async Task EveryFigure_ThatAQueryLooksFor_IsOneThatIsMeasured(string path)
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<JobMetrics>().BuildServiceProvider();
        using var figures = new MetricCollector(services.GetRequiredService<IMeterFactory>());
        _ = services.GetRequiredService<JobMetrics>();
        var text = await TextAsync(path);
        var sought = Figure().Matches(text).Select(match => match.Groups["name"].Value).ToList();
        var outcomes = Outcome().Matches(text).SelectMany(match => Word().Matches(match.Value)).Select(word => word.Groups["word"].Value).ToList();

        Assert.NotEmpty(sought);
        Assert.All(sought, name => Assert.Contains(name, figures.Instruments.Select(figure => figure.Name), StringComparer.Ordinal));
        Assert.All(outcomes, word => Assert.Contains($"=> \"{word}\"", Outcomes, StringComparison.Ordinal));
    }

    private static string Outcomes => File.ReadAllText(Path.Combine(ProjectFolder.Root, "Slowlane", "Execution", "AttemptSpan.cs"));

    private static async Task<string> TextAsync(string source) => source is Alerts
        ? string.Join('\n', (await Compiled.InfraAsync()).Production.Of("Microsoft.Insights/scheduledQueryRules")
            .SelectMany(rule => rule.At("properties.criteria.allOf").EnumerateArray()).Select(criterion => criterion.Text("query")))
        : await File.ReadAllTextAsync(Path.Combine(ProjectFolder.Root, source), TestContext.Current.CancellationToken);

    [GeneratedRegex("""name == "(?<name>[a-z._]+)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Figure();

    [GeneratedRegex("""outcome (== "[a-z_]+"|in \([^)]*\))""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Outcome();

    [GeneratedRegex("\"(?<word>[a-z_]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("""(message|\)) (has|startswith|contains) "(?<text>[^"]+)"|\^Job \.\*(?<text>[^"]+)"| type "(?<text>[^"]+)" attempt""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sought();
}
