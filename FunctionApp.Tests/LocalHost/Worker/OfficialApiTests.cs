using Slowlane.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Worker;

/// <summary>LocalHost stands in for the official packages: whatever it offers in their namespaces must be there, member by member.</summary>
/// <remarks>The facts are in <c>official-api.txt</c>, read from the official assemblies by <see cref="ApiText"/>; its head names their sources.</remarks>
public sealed class OfficialApiTests
{
    private static readonly string[] Namespaces = ["Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask", "Microsoft.Extensions.Hosting"];

    private static readonly HashSet<string> Facts = [.. Read().Where(line => line is not ("" or ['#', ..]))];

    public static TheoryData<Type> StandIns() => [.. typeof(FunctionCatalog).Assembly.GetExportedTypes().Where(IsStandIn)];

    [Theory]
    [MemberData(nameof(StandIns))]
    public void StandIn_OfAnOfficialType_OffersNothingElseThanTheOfficialOne(Type type)
        => Assert.Equal("", string.Join('\n', ApiText.Of(type).Except(Facts, StringComparer.Ordinal)));

    [Fact]
    public void Facts_NameNoTypeThatNobodyStandsInFor()
        => Assert.Empty(Facts.Select(line => line.Split(' ')[0]).Except(StandIns().Select(row => row.Data.FullName!), StringComparer.Ordinal));

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
