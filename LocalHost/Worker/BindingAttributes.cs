namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Ties a parameter to something outside the function.</summary>
[AttributeUsage(AttributeTargets.Method)] // As the official one has it; each kind of binding says its own.
public abstract class BindingAttribute : Attribute;

/// <summary>Ties a parameter to what makes the function run.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute;

/// <summary>Ties a parameter to something that the function reads or calls.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute;
