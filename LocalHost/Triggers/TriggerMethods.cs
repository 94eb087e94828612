using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Slowlane.LocalHost.App;
using Binder = Microsoft.Azure.WebJobs.Binder;

namespace Slowlane.LocalHost.Triggers;

/// <summary>
/// Generates a class with a method for each function, because the WebJobs SDK finds functions as methods with attributes. Each method
/// passes on its arguments: the trigger's value, the inputs, the binder with the data of the trigger, and the token.
/// </summary>
internal static class TriggerMethods
{
    private const string TypeName = "Functions";
    private const string Target = "Invoke";

    /// <summary>Generates the class.</summary>
    /// <param name="functions">The functions that the SDK starts.</param>
    /// <param name="invoke">Called with the name of a function and its arguments.</param>
    public static Type Create(IReadOnlyList<FunctionDefinition> functions, Func<string, object?[], Task<object?>> invoke)
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Slowlane.LocalHost.Triggers"), AssemblyBuilderAccess.Run).DefineDynamicModule("Triggers");
        var type = module.DefineType(TypeName, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var target = type.DefineField(Target, invoke.GetType(), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in functions)
        {
            Define(type, function, target);
        }

        var created = type.CreateType();
        created.GetField(Target)!.SetValue(null, invoke);
        return created;
    }

    private static void Define(TypeBuilder type, FunctionDefinition function, FieldBuilder target)
    {
        IEnumerable<BindingDefinition> bound = function.IsHttp ? function.Inputs : function.Inputs.Prepend(function.Trigger);
        TriggerBinding[] bindings = [.. bound.Select(binding => TriggerBinding.Of(function, binding))];
        Type[] parameters = [.. bindings.Select(binding => binding.ParameterType), typeof(Binder), typeof(CancellationToken)];
        var method = type.DefineMethod(function.Name, MethodAttributes.Public | MethodAttributes.Static, Returned(function), parameters);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(FunctionNameAttribute).GetConstructor([typeof(string)])!, [function.Name]));
        if (function.IsHttp)
        {
            method.SetCustomAttribute(new CustomAttributeBuilder(typeof(NoAutomaticTriggerAttribute).GetConstructor([])!, []));
        }

        for (var i = 0; i < bindings.Length; i++)
        {
            method.DefineParameter(i + 1, ParameterAttributes.None, bindings[i].Name).SetCustomAttribute(bindings[i].Attribute);
        }

        method.DefineParameter(bindings.Length + 1, ParameterAttributes.None, "binder");
        method.DefineParameter(bindings.Length + 2, ParameterAttributes.None, "cancellationToken");
        Emit(method.GetILGenerator(), function.Name, parameters, target);
    }

    // The durable extension requires a return value. Other triggers do not accept one.
    private static Type Returned(FunctionDefinition function)
        => function.Trigger.Is("orchestrationTrigger") || function.Trigger.Is("activityTrigger") ? typeof(Task<object>) : typeof(Task);

    // return Invoke(name, new object[] { … });
    private static void Emit(ILGenerator il, string name, Type[] parameters, FieldBuilder target)
    {
        il.Emit(OpCodes.Ldsfld, target);
        il.Emit(OpCodes.Ldstr, name);
        il.Emit(OpCodes.Ldc_I4, parameters.Length);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, (short)i);
            if (parameters[i].IsValueType)
            {
                il.Emit(OpCodes.Box, parameters[i]);
            }

            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Callvirt, target.FieldType.GetMethod("Invoke")!);
        il.Emit(OpCodes.Ret);
    }
}
