using System.Text.Json;
using System.Xml.Linq;
using Slowlane.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>FunctionApp can't be restored from every feed; what can be said of its packages without one.</summary>
public sealed class PackagesTests
{
    private static readonly XDocument Versions = XDocument.Load(Path.Combine(ProjectFolder.Root, "Directory.Packages.props"));

    private static readonly List<string> Referenced = Names(XDocument.Load(Path.Combine(ProjectFolder.Root, "FunctionApp", "FunctionApp.csproj")).Root!, "PackageReference");

    [Fact]
    public void EveryPackage_OfTheApp_HasOneVersion()
    {
        var versions = Versions.Root!.Elements("ItemGroup")
            .Where(group => group.Attribute("Condition")?.Value.Contains("!=", StringComparison.Ordinal) is not true)
            .SelectMany(group => Names(group, "PackageVersion")).ToList();

        Assert.NotEmpty(Referenced);
        Assert.All(Referenced, name => Assert.Single(versions, name));
    }

    [Fact]
    public void EveryOfficialPackage_ThatHasAVersion_IsReferenced()
    {
        var official = Versions.Root!.Elements("ItemGroup").Single(group => group.Attribute("Label")?.Value is "Official Functions packages");

        Assert.All(Names(official, "PackageVersion"), name => Assert.Contains(name, Referenced, StringComparer.Ordinal));
    }

    [Fact]
    public void Host_SpeaksOpenTelemetryAsTheWorkerDoes()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(ProjectFolder.Root, "host.json")));

        Assert.Equal("OpenTelemetry", host.RootElement.GetProperty("telemetryMode").GetString());
        Assert.Contains("Microsoft.Azure.Functions.Worker.OpenTelemetry", Referenced, StringComparer.Ordinal);
    }

    private static List<string> Names(XElement element, string kind) => [.. element.Descendants(kind).Select(package => package.Attribute("Include")!.Value)];
}
