using System.Reflection;
using Slowlane.LocalHost.Settings;
using Slowlane.Settings;
using Xunit;

namespace Slowlane.Tests.Layers;

/// <summary>The rooms of an assembly are layers: each uses those before it, and none after it.</summary>
[Trait("Category", "Fast")]
public sealed class RoomTests
{
    /// <summary>The rooms of the engine, from the lowest. The root composes them all.</summary>
    private static readonly string[] OfEngine =
    [
        "Slowlane.Settings",
        "Slowlane.Resilience",
        "Slowlane.Telemetry",
        "Slowlane.Jobs",
        "Slowlane.Storage",
        "Slowlane.Execution",
        "Slowlane.Maintenance",
        "Slowlane.Http",
        "Slowlane.Functions",
        "Slowlane",
    ];

    private static readonly string[] OfLocalHost =
    [
        "Slowlane.LocalHost.Settings",
        "Slowlane.LocalHost.Protocol",
        "Slowlane.LocalHost.Services",
        "Slowlane.LocalHost.App",
        "Slowlane.LocalHost.Workers",
        "Slowlane.LocalHost.Http",
        "Slowlane.LocalHost.Triggers",
        "Slowlane.LocalHost.Logging",
        "Slowlane.LocalHost.Processes",
    ];

    public static TheoryData<string> Assemblies => ["Slowlane", "LocalHost"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Room_UsesNoneThatComesAfterIt(string name)
    {
        var (assembly, order) = Of(name);
        var wrong = from type in Written(assembly)
                    from used in ReferencedTypes.Of(type)
                    where used.Assembly == assembly && RoomOf(used, order) > RoomOf(type, order)
                    select $"{type.FullName} uses {used.FullName}";

        Assert.Empty(wrong.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Room_IsInTheOrder(string name)
    {
        var (assembly, order) = Of(name);
        Assert.All(Written(assembly), type => Assert.True(RoomOf(type, order) >= 0, type.FullName));
    }

    private static (Assembly Assembly, string[] Order) Of(string name)
        => name is "Slowlane" ? (typeof(SlowlaneOptions).Assembly, OfEngine) : (typeof(CannotStartException).Assembly, OfLocalHost);

    /// <summary>All types but those that a package generates.</summary>
    private static IEnumerable<Type> Written(Assembly assembly)
        => assembly.GetTypes().Where(type => type.Namespace?.StartsWith("Slowlane", StringComparison.Ordinal) is true);

    private static int RoomOf(Type type, string[] order) => Array.FindIndex(order, room => type.Namespace is { } name
        && (string.Equals(name, room, StringComparison.Ordinal) || (room.Contains('.', StringComparison.Ordinal) && name.StartsWith(room + ".", StringComparison.Ordinal))));
}
