using System.Xml.Linq;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Worker;

/// <summary>LocalHost stands in for the official packages: whatever it offers in their namespaces must be there, member by member.</summary>
/// <remarks>The facts are in <c>official-api.txt</c>, read from the official assemblies by <see cref="ApiText"/>; its head names their sources.</remarks>
public sealed class OfficialApiTests
{
    private static readonly string[] Namespaces = ["Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask", "Microsoft.Extensions", "OpenTelemetry", "Azure.Monitor"];

    private static readonly List<string> Lines = [.. Read()];

    private static readonly HashSet<string> Facts = [.. Lines.Where(line => line is not ("" or ['#', ..]))];

    public static TheoryData<Type> StandIns() => [.. typeof(FunctionCatalog).Assembly.GetExportedTypes().Where(IsStandIn)];

    [Theory]
    [MemberData(nameof(StandIns))]
    public void StandIn_OfAnOfficialType_OffersNothingElseThanTheOfficialOne(Type type)
        => Assert.Equal("", string.Join('\n', ApiText.Of(type).Except(Facts, StringComparer.Ordinal)));

    [Fact]
    public void Facts_NameNoTypeThatNobodyStandsInFor()
        => Assert.Empty(Facts.Select(line => line.Split(' ')[0]).Except(StandIns().Select(row => row.Data.FullName!), StringComparer.Ordinal));

    /// <summary>A newer package is a reason to read the facts anew. What has no stand-in, or is not of the worker's repository, is left out.</summary>
    [Fact]
    public void Facts_AreOfTheVersionsThatTheAppIsBuiltWith()
    {
        const string Worker = "Microsoft.Azure.Functions.Worker";
        var head = string.Join(' ', Lines.Where(line => line is ['#', ..]).Select(line => line.TrimStart('#', ' ')));
        var packages = XDocument.Load(Path.Combine(ProjectFolder.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => (Name: package.Attribute("Include")!.Value, Version: package.Attribute("Version")!.Value))
            .Where(package => package.Name.StartsWith(Worker, StringComparison.Ordinal) && package.Name is not (Worker + ".Sdk" or Worker + ".Extensions.DurableTask")).ToList();

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Contains($"{package.Name} {package.Version}", head, StringComparison.Ordinal));
    }

    private static bool IsStandIn(Type type) => Namespaces.Any(space => (type.Namespace + ".").StartsWith(space + ".", StringComparison.Ordinal));

    private static IEnumerable<string> Read()
    {
        using var stream = typeof(OfficialApiTests).Assembly.GetManifestResourceStream("official-api.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
