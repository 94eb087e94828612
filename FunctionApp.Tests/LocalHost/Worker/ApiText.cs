using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Slowlane.Tests.LocalHost.Worker;

/// <summary>What code can see of a type, a line a member: names, types, nullability, defaults. Whether a class is sealed or static is left out: who compiles against such a one compiles against an open one.</summary>
internal static class ApiText
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Type type)
    {
        var nullability = new NullabilityInfoContext();
        IEnumerable<string> members = type switch
        {
            { IsEnum: true } => Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}"),
            _ when typeof(Delegate).IsAssignableFrom(type) => [Method(type.GetMethod("Invoke")!, nullability)],
            _ => [
                .. type.GetConstructors(Own).Where(constructor => IsVisible(constructor) && !IsCopy(constructor)).Select(constructor => $".ctor({Parameters(constructor, nullability)})"),
                .. type.GetProperties(Own).Where(property => property.Name is not "EqualityContract" && property.GetAccessors(true).Any(IsVisible)).Select(property => Property(property, nullability)),
                .. type.GetMethods(Own).Where(method => !method.IsSpecialName && IsVisible(method) && !IsOfRecord(method)).Select(method => Method(method, nullability)),
                .. type.GetMethods(Own).Where(method => method is { IsSpecialName: true, IsPublic: true } && method.Name.StartsWith("op_", StringComparison.Ordinal) && !IsRecord(type)).Select(method => Method(method, nullability)),
                .. type.GetFields(Own).Where(field => field.IsPublic).Select(field => $"{Name(field.FieldType)} {field.Name}"),
            ],
        };
        return members.Prepend(Head(type)).Select(member => $"{Name(type, full: true)} {member}");
    }

    private static string Head(Type type)
    {
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: false } ? "abstract class" : "class";
        var targets = type.GetCustomAttribute<AttributeUsageAttribute>(inherit: true) is { } usage && typeof(Attribute).IsAssignableFrom(type) ? $", on {usage.ValidOn}{(usage.AllowMultiple ? ", many" : "")}" : "";
        return $"{kind}{(type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) ? " : " + Name(parent) : "")}{targets}";
    }

    private static string Property(PropertyInfo property, NullabilityInfoContext nullability)
    {
        var (get, set) = (property.GetMethod, property.SetMethod);
        var init = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var accessors = $"{(get is not null && IsVisible(get) ? "get; " : "")}{(set is not null && IsVisible(set) ? init ? "init; " : "set; " : "")}";
        return $"{Modifiers(property.GetAccessors(true)[0])}{Name(nullability.Create(property))} {property.Name} {{ {accessors}}}";
    }

    private static string Method(MethodInfo method, NullabilityInfoContext nullability)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        return $"{Modifiers(method)}{Name(nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method, nullability)})";
    }

    private static string Parameters(MethodBase method, NullabilityInfoContext nullability)
        => (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + string.Join(", ", method.GetParameters().Select(parameter =>
            $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(nullability.Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")}"));

    private static string Modifiers(MethodInfo method)
        => (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")
            + (method.IsStatic ? "static " : method.DeclaringType!.IsInterface ? "" : method.IsAbstract ? "abstract " : "");

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // What the compiler makes for every record is no fact of its own.
    private static bool IsOfRecord(MethodInfo method) => method.Name is "<Clone>$" or "PrintMembers" or "GetHashCode" or "Equals" or "ToString" or "Deconstruct";

    private static bool IsRecord(Type? type) => type?.GetMethod("<Clone>$") is not null;

    private static bool IsCopy(ConstructorInfo constructor)
        => IsRecord(constructor.DeclaringType) && constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static string Name(NullabilityInfo info)
    {
        var type = info.Type;
        var name = type.IsArray && info.ElementType is not null ? Name(info.ElementType) + "[]"
            : type.IsGenericType && Nullable.GetUnderlyingType(type) is null
                ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>"
            : Name(type);
        return !type.IsValueType && !type.IsGenericParameter && info.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }

    private static string Name(Type type, bool full = false)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        var name = type.IsGenericParameter ? type.Name : full ? type.FullName ?? type.Name : type.Name;
        return type.IsGenericType && !type.IsGenericTypeDefinition
            ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(argument => Name(argument)))}>"
            : type.IsArray ? Name(type.GetElementType()!) + "[]" : name;
    }
}
