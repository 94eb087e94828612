using System.Text.Json.Serialization.Metadata;

namespace Slowlane.Jobs;

/// <summary>A type whose short jobs share messages, and are run many at a time.</summary>
internal sealed class CoalescingType<TInput, TData, TResult>(
    string name, JobOptions options, ICoalescingJobType<TInput, TData, TResult> type, JsonTypeInfo<TResult> json)
    : HeldType<TInput, TData, TResult>(name, options, type, json)
{
    protected override bool Parse(InputReader reader)
    {
        var input = type.Parse(reader);
        return reader.Errors.Count == 0 && type.IsShort(input);
    }
}
