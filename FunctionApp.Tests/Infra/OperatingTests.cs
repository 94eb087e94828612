using System.Text.RegularExpressions;
using Slowlane.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>What operators and alerts look for in the logs is what the app writes there.</summary>
public sealed partial class OperatingTests
{
    // The host's own line for each message that it takes from a queue: "Trigger Details: MessageId: …, DequeueCount: …, InsertedOn: …", as seen in its public logs.
    private const string OfTheHost = "Trigger Details";

    [Theory]
    [InlineData("docs/operate.md")]
    [InlineData("infra/modules/alerts.bicep")]
    public void EveryLogLine_ThatAQueryLooksFor_IsOneThatIsWritten(string path)
    {
        var written = string.Join('\n', Directory.EnumerateFiles(Path.Combine(ProjectFolder.Root, "FunctionApp"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.Contains("[LoggerMessage(", StringComparison.Ordinal)));
        var sought = Sought().Matches(File.ReadAllText(Path.Combine(ProjectFolder.Root, path))).Select(match => match.Groups["text"].Value)
            .Where(text => text is not OfTheHost).ToList();

        Assert.NotEmpty(sought);
        Assert.All(sought, text => Assert.Contains(text, written, StringComparison.Ordinal));
    }

    [GeneratedRegex("""(message|\)) (has|startswith|contains) "(?<text>[^"]+)"|\^Job \.\*(?<text>[^"]+)"| type "(?<text>[^"]+)" attempt""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sought();
}
