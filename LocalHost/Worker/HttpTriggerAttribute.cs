using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for an HTTP request.</summary>
/// <param name="authLevel">The key a caller needs, where keys are demanded.</param>
/// <param name="methods">The methods answered; none given: all.</param>
[AttributeUsage(AttributeTargets.Parameter)]
#pragma warning disable CA1019, CA1819 // The official names: authLevel and AuthLevel, and an array.
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : TriggerBindingAttribute
{
    /// <summary>The route after the prefix of host.json; the function's name when none is given.</summary>
    public string? Route { get; set; }

    /// <summary>The methods answered; empty: all.</summary>
    public string[]? Methods { get; } = methods;

    /// <summary>The key a caller needs.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;
}
#pragma warning restore CA1019, CA1819
