using Microsoft.DurableTask;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>What makes an activity function run.</summary>
/// <param name="InstanceId">The instance that wants it.</param>
/// <param name="Input">Its input as JSON.</param>
/// <param name="Converter">Reads it.</param>
internal sealed record ActivityCall(string InstanceId, string? Input, DataConverter Converter);
