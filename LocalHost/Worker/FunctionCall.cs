using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Slowlane.LocalHost.Worker;

/// <summary>A function ready to be called: the instance's constructor, the parameters' sources and the result's wait, all chosen at start.</summary>
internal sealed class FunctionCall
{
    private readonly ObjectFactory? _newInstance;
    private readonly Func<Invocation, object?>[] _parameters;
    private readonly MethodInvoker _method;
    private readonly Func<object?, Task<object?>> _returned;

    /// <exception cref="InvalidOperationException">A parameter or the return type can't be used.</exception>
    public FunctionCall(FunctionEntry function)
    {
        Function = function;
        _newInstance = function.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(function.Method.DeclaringType!, []);
        _parameters = ParameterPlan.For(function);
        _method = MethodInvoker.Create(function.Method);
        _returned = ReturnedValue.For(function);
    }

    public FunctionEntry Function { get; }

    /// <summary>Makes the function's instance from the invocation's scope, calls the function and waits for it.</summary>
    public Task<object?> CallAsync(Invocation invocation)
    {
        var arguments = new object?[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _parameters[i](invocation);
        }

        return _returned(_method.Invoke(_newInstance?.Invoke(invocation.InstanceServices, null), arguments.AsSpan()));
    }
}
