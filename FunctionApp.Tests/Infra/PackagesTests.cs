using System.Text.Json;
using System.Xml.Linq;
using Slowlane.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>Packages and host.json agree.</summary>
[Trait("Category", "Fast")]
public sealed class PackagesTests
{
    private static readonly List<string> Referenced = Names(XDocument.Load(Path.Combine(ProjectFolder.Root, "Slowlane", "Slowlane.csproj")).Root!, "PackageReference");

    [Fact]
    public void Host_SpeaksOpenTelemetryAsTheWorkerDoes()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(ProjectFolder.Root, "host.json")));

        Assert.Equal("OpenTelemetry", host.RootElement.GetProperty("telemetryMode").GetString());
        Assert.Contains("Microsoft.Azure.Functions.Worker.OpenTelemetry", Referenced, StringComparer.Ordinal);
    }

    private static List<string> Names(XElement element, string kind) => [.. element.Descendants(kind).Select(package => package.Attribute("Include")!.Value)];
}
