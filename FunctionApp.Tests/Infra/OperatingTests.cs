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
    [Theory]
    [InlineData("docs/operate.md")]
    [InlineData("infra/modules/alerts.bicep")]
    public void EveryLogLine_ThatAQueryLooksFor_IsOneThatIsWritten(string path)
    {
        var written = string.Join('\n', Directory.EnumerateFiles(Path.Combine(ProjectFolder.Root, "FunctionApp"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.Contains("[LoggerMessage(", StringComparison.Ordinal)));
        var sought = Sought().Matches(File.ReadAllText(Path.Combine(ProjectFolder.Root, path))).Select(match => match.Groups["text"].Value).ToList();

        Assert.NotEmpty(sought);
        Assert.All(sought, text => Assert.Contains(text, written, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/operate.md")]
    [InlineData("infra/modules/alerts.bicep")]
    public void EveryFigure_ThatAQueryLooksFor_IsOneThatIsMeasured(string path)
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<JobMetrics>().BuildServiceProvider();
        using var figures = new FiguresHeard(services.GetRequiredService<IMeterFactory>());
        _ = services.GetRequiredService<JobMetrics>();
        var text = File.ReadAllText(Path.Combine(ProjectFolder.Root, path));
        var sought = Figure().Matches(text).Select(match => match.Groups["name"].Value).ToList();
        var outcomes = Outcome().Matches(text).SelectMany(match => Word().Matches(match.Value)).Select(word => word.Groups["word"].Value).ToList();

        Assert.NotEmpty(sought);
        Assert.All(sought, name => Assert.Contains(name, figures.Instruments.Select(figure => figure.Name), StringComparer.Ordinal));
        Assert.All(outcomes, word => Assert.Contains($"=> \"{word}\"", Outcomes, StringComparison.Ordinal));
    }

    private static string Outcomes => File.ReadAllText(Path.Combine(ProjectFolder.Root, "FunctionApp", "Telemetry", "AttemptSpan.cs"));

    [GeneratedRegex("""name == "(?<name>[a-z._]+)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Figure();

    [GeneratedRegex("""outcome (== "[a-z_]+"|in \([^)]*\))""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Outcome();

    [GeneratedRegex("\"(?<word>[a-z_]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("""(message|\)) (has|startswith|contains) "(?<text>[^"]+)"|\^Job \.\*(?<text>[^"]+)"| type "(?<text>[^"]+)" attempt""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sought();
}
