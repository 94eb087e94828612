using System.Reflection;
using System.Runtime.CompilerServices;
using Slowlane.Profiling;
using Slowlane.Settings;
using Xunit;

namespace Slowlane.Tests.Layers;

[Trait("Category", "Fast")]
public sealed class AssemblyTests
{
    private static readonly Assembly Engine = typeof(SlowlaneOptions).Assembly;
    private static readonly Assembly Profiling = typeof(ProfileJob).Assembly;

    [Fact]
    public void Engine_KnowsNoJobTypeAndNoApp() => Assert.DoesNotContain(References(Engine), name => name is "Slowlane.Profiling" or "FunctionApp");

    [Fact]
    public void Profiling_KnowsTheEngineAndNothingOfFunctions()
        => Assert.DoesNotContain(References(Profiling), name => name is "FunctionApp" || name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal) || name.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal));

    [Fact]
    public void Engine_ShowsItsInternalsToNoJobType()
        => Assert.DoesNotContain(Engine.GetCustomAttributes<InternalsVisibleToAttribute>(), friend => friend.AssemblyName is "Slowlane.Profiling" or "FunctionApp");

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
}
