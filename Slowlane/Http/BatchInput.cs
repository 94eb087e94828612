using System.Globalization;
using System.Text.Json;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>Checks every input of a posted array. Pure.</summary>
internal static class BatchInput
{
    /// <summary>
    /// The maximum number of jobs in a batch. It is about as many short inputs as 1 MiB holds, and keeps the worker that sends the jobs of the
    /// batch busy for about a second.
    /// </summary>
    public const int MaxJobs = 5000;

    /// <summary>Why a value can't be a batch, as a sentence. Null if it can.</summary>
    public static string? Fault(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Array)
        {
            return $"The body is {JsonValue.Describe(body)}; send a JSON array of 1 to {MaxJobs} inputs, or this input alone to the same path without '/batch'.";
        }

        return body.GetArrayLength() switch
        {
            0 => $"The array is empty; send 1 to {MaxJobs} inputs.",
            > MaxJobs and var count => string.Create(CultureInfo.InvariantCulture, $"The array has {count} inputs; the most is {MaxJobs}, send them in several batches."),
            _ => null,
        };
    }

    /// <summary>The inputs in order, or their errors. <c>[3].spin_ms</c> is a field of the fourth input.</summary>
    public static (IReadOnlyList<SubmitInput> Inputs, IReadOnlyDictionary<string, List<string>> Errors) Read(JobDefinition type, JsonElement body)
    {
        var inputs = new List<SubmitInput>(body.GetArrayLength());
        var errors = new InputErrors();
        foreach (var input in body.EnumerateArray())
        {
            inputs.Add(Read(type, input, inputs.Count, errors));
            if (errors.IsFull)
            {
                break; // The error list is full. The next submit reports the rest.
            }
        }

        return (inputs, errors.ByField);
    }

    private static SubmitInput Read(JobDefinition type, JsonElement input, int index, InputErrors errors)
    {
        var found = type.Check(input);
        foreach (var (field, sentences) in found.Errors)
        {
            sentences.ForEach(sentence => errors.Add(NameOf(index, field), sentence));
        }

        if (found.Errors.Count == 0 && CompactJson.Of(input) is { } json)
        {
            return new SubmitInput(json, found.IsShort);
        }

        if (found.Errors.Count == 0)
        {
            errors.Add(NameOf(index, ""), CompactJson.NoText);
        }

        return default;
    }

    private static string NameOf(int index, string field)
        => string.Create(CultureInfo.InvariantCulture, $"[{index}]{(field.Length == 0 ? "" : ".")}{field}");
}
