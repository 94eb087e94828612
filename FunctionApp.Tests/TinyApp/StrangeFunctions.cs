using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace TinyApp;

/// <summary>One function with a binding of the test's choice, which need not exist.</summary>
/// <param name="binding">The binding, as JSON.</param>
public sealed class StrangeFunctions(string binding) : IFunctionMetadataProvider
{
    /// <inheritdoc/>
    public Task<ImmutableArray<IFunctionMetadata>> GetFunctionMetadataAsync(string directory) => Task.FromResult<ImmutableArray<IFunctionMetadata>>(
    [
        new DefaultFunctionMetadata { Language = "dotnet-isolated", Name = "Strange", EntryPoint = "TinyApp.HttpFunctions.Own", RawBindings = [binding], ScriptFile = "TinyApp.dll" },
    ]);
}
