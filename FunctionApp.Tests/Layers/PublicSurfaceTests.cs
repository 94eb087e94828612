using Slowlane.LocalHost.Services;
using Slowlane.Profiling;
using Xunit;

namespace Slowlane.Tests.Layers;

/// <summary>What users may build on changes on purpose only.</summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Packages => ["Slowlane", "Slowlane.Profiling"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicSurface_IsTheApprovedOne(string package)
    {
        var assembly = string.Equals(package, "Slowlane", StringComparison.Ordinal) ? typeof(SlowlaneApplication).Assembly : typeof(ProfileJob).Assembly;
        var approved = Path.Combine(ProjectFolder.Root, "FunctionApp.Tests", "Layers", package + ".approved.txt");
        var actual = Path.Combine(AppContext.BaseDirectory, package + ".actual.txt");
        File.WriteAllText(actual, PublicSurface.Of(assembly));

        Assert.True(
            string.Equals(File.ReadAllText(approved), File.ReadAllText(actual), StringComparison.Ordinal),
            $"The public surface of {package} changed. Where that is meant, copy {actual} over {approved}.");
    }
}
