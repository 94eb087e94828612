using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>The first step of a submit. It reads and checks the request before anything is stored.</summary>
internal sealed class SubmitReader(JobRegistry types)
{
    /// <summary>Reads a request's body, or returns its refusal.</summary>
    public async Task<(SubmitRequest? Read, IResult? Refusal)> ReadAsync(HttpRequest request, string typeName, bool isBatch, CancellationToken cancellationToken)
    {
        if (types.Find(typeName) is not { } type)
        {
            return (null, Problem.UnknownType(typeName, types.Names));
        }

        if (!IdempotencyKey.TryRead(request, out var key, out var fault))
        {
            return (null, Problem.BadIdempotencyKey(fault));
        }

        var (json, problem) = await JsonBody.ReadAsync(request, cancellationToken);
        using (json)
        {
            return json is null ? (null, problem) : Read(type, json.RootElement, isBatch, key is null ? null : IdempotencyKey.NameOf(request, type.Name, key));
        }
    }

    /// <summary>Checks a body, or returns its refusal.</summary>
    /// <param name="type">The job type.</param>
    /// <param name="body">An input, or an array of them.</param>
    /// <param name="isBatch">Whether the body is an array.</param>
    /// <param name="key">The name of the idempotency key in storage, if there is a key.</param>
    public static (SubmitRequest? Read, IResult? Refusal) Read(JobDefinition type, JsonElement body, bool isBatch, string? key)
    {
        if (isBatch && BatchInput.Fault(body) is { } fault)
        {
            return (null, Problem.NotABatch(fault));
        }

        var (inputs, errors) = isBatch ? BatchInput.Read(type, body) : ReadOne(type, body);
        return errors.Count > 0
            ? (null, Problem.Invalid(errors))
            : (new SubmitRequest(type, inputs, isBatch, key is null ? null : new SubmitKey(key, isBatch ? CompactJson.Of(body)! : inputs[0].Json)), null);
    }

    private static (IReadOnlyList<SubmitInput> Inputs, IReadOnlyDictionary<string, List<string>> Errors) ReadOne(JobDefinition type, JsonElement input)
    {
        var found = type.Check(input);
        if (found.Errors.Count > 0)
        {
            return ([], found.Errors);
        }

        return CompactJson.Of(input) is { } json
            ? ([new SubmitInput(json, found.IsShort)], found.Errors)
            : ([], new Dictionary<string, List<string>>(StringComparer.Ordinal) { [""] = [CompactJson.NoText] });
    }
}
