using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask;

/// <summary>Makes inputs, outputs and events into text, and back.</summary>
public abstract class DataConverter
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    [return: NotNullIfNotNull(nameof(value))]
    public abstract string? Serialize(object? value);

    /// <summary>Reads a value.</summary>
    /// <param name="data">The text.</param>
    /// <param name="targetType">The value's type.</param>
    [return: NotNullIfNotNull(nameof(data))]
    public abstract object? Deserialize(string? data, Type targetType);

    /// <summary>Reads a value.</summary>
    /// <param name="data">The text.</param>
    /// <typeparam name="T">The value's type.</typeparam>
    [return: NotNullIfNotNull(nameof(data))]
    public virtual T? Deserialize<T>(string? data) => (T?)(Deserialize(data, typeof(T)) ?? default(T));
}
