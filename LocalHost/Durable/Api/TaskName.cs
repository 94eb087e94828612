using System.Runtime.InteropServices;

namespace Microsoft.DurableTask;

/// <summary>The name of an orchestrator or an activity; its case does not count.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct TaskName : IEquatable<TaskName>
{
    /// <param name="name">The function's name.</param>
    public TaskName(string name) => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }

#pragma warning disable CA2225 // The official shape has no named alternates.
    /// <summary>The name as text.</summary>
    /// <param name="value">The name.</param>
    public static implicit operator string(TaskName value) => value.Name;

    /// <summary>Text as a name.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator TaskName(string value) => string.IsNullOrEmpty(value) ? default : new TaskName(value);
#pragma warning restore CA2225

    /// <summary>Whether both are the same name.</summary>
    /// <param name="a">One name.</param>
    /// <param name="b">The other name.</param>
    public static bool operator ==(TaskName a, TaskName b) => a.Equals(b);

    /// <summary>Whether they are different names.</summary>
    /// <param name="a">One name.</param>
    /// <param name="b">The other name.</param>
    public static bool operator !=(TaskName a, TaskName b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
