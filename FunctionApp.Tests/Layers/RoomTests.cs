using System.Reflection;
using Slowlane.Settings;
using Xunit;

namespace Slowlane.Tests.Layers;

/// <summary>The rooms of the engine are layers: each uses those before it, and none after it.</summary>
[Trait("Category", "Fast")]
public sealed class RoomTests
{
    private static readonly Assembly Engine = typeof(SlowlaneOptions).Assembly;

    /// <summary>From the lowest. The root composes them all.</summary>
    private static readonly string[] Order =
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

    [Fact]
    public void Room_UsesNoneThatComesAfterIt()
    {
        var wrong = from type in Written()
                    from used in ReferencedTypes.Of(type)
                    where used.Assembly == Engine && RoomOf(used) > RoomOf(type)
                    select $"{type.FullName} uses {used.FullName}";

        Assert.Empty(wrong.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Room_IsInTheOrder() => Assert.All(Written(), type => Assert.True(RoomOf(type) >= 0, type.FullName));

    /// <summary>All types but those that a package generates.</summary>
    private static IEnumerable<Type> Written() => Engine.GetTypes().Where(type => type.Namespace?.StartsWith("Slowlane", StringComparison.Ordinal) is true);

    private static int RoomOf(Type type) => Array.FindIndex(Order, room => type.Namespace is { } name && (string.Equals(name, room, StringComparison.Ordinal) || (room.Contains('.', StringComparison.Ordinal) && name.StartsWith(room + ".", StringComparison.Ordinal))));
}
