using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Worker;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a functions app begins.</summary>
public static class FunctionsApplication
{
    /// <summary>Reads the command line, starts the services the app was given no connection for, and makes the builder.</summary>
    /// <param name="args">The command line.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(Launch.Prepare(args));

    /// <summary>Composes an app on settings of its own, with the functions of this assembly.</summary>
    internal static FunctionsApplicationBuilder CreateBuilder(Launch launch) => CreateBuilder(launch, typeof(FunctionsApplication).Assembly.GetTypes());

    /// <summary>Composes an app of the functions in <paramref name="classes"/> alone.</summary>
    internal static FunctionsApplicationBuilder CreateBuilder(Launch launch, IReadOnlyCollection<Type> classes)
        => new(launch, FunctionCatalog.Read(classes));
}
