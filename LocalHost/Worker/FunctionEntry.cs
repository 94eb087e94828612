using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Slowlane.LocalHost.Worker;

/// <summary>A function as it was found: its name, method and trigger.</summary>
/// <param name="name">The function's name.</param>
/// <param name="method">The method that is the function.</param>
/// <param name="triggerParameter">The parameter with the trigger.</param>
/// <param name="trigger">The trigger.</param>
internal sealed class FunctionEntry(string name, MethodInfo method, ParameterInfo triggerParameter, TriggerBindingAttribute trigger) : FunctionDefinition
{
    private string? _id;

    public override string Name => name;

    public override string Id => _id ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EntryPoint + "/" + name)).AsSpan(0, 8));

    public override string EntryPoint => method.DeclaringType!.FullName + "." + method.Name;

    public override string PathToAssembly => method.DeclaringType!.Assembly.Location;

    public MethodInfo Method => method;

    public ParameterInfo TriggerParameter => triggerParameter;

    public TriggerBindingAttribute Trigger => trigger;

    /// <summary>The trigger's name as the real host writes it: <c>httpTrigger</c>, <c>queueTrigger</c>, <c>timerTrigger</c>.</summary>
    public string TriggerType
    {
        get
        {
            var type = trigger.GetType().Name[..^nameof(Attribute).Length];
            return char.ToLowerInvariant(type[0]) + type[1..];
        }
    }
}
