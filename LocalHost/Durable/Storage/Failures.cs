using System.Text.Json;
using Microsoft.DurableTask;

namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>Failures as they are stored.</summary>
internal static class Failures
{
    public static string? Write(TaskFailureDetails? failure) => failure is null ? null : JsonSerializer.Serialize(failure);

    public static TaskFailureDetails? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<TaskFailureDetails>(text);
}
