using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slowlane.Jobs;

/// <summary>An input that was looked at.</summary>
/// <param name="Errors">What is wrong with it, by field. Empty: nothing.</param>
/// <param name="IsShort">Whether a job of it takes milliseconds, by its type's word.</param>
internal readonly record struct CheckedInput(IReadOnlyDictionary<string, List<string>> Errors, bool IsShort);

/// <summary>A job type under its name: its options, and what it accepts.</summary>
internal abstract partial class JobDefinition
{
    protected JobDefinition(string name, JobOptions options)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new InvalidOperationException($"'{name}' can't name a job type; use 1 to 50 characters: a lower-case letter, then lower-case letters, digits, '-' or '_'.");
        }

        Name = name;
        Tag = BinaryPrimitives.ReadUInt16BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        Options = options.Checked(name);
    }

    public string Name { get; }

    /// <summary>The name in 16 bits, for <see cref="JobId.TypeTag"/>.</summary>
    public ushort Tag { get; }

    public JobOptions Options { get; }

    /// <summary>The JSON Schema of an input, from the same declaration that checks it.</summary>
    public JsonObject InputSchema()
    {
        var schema = new InputSchema();
        Parse(new InputReader(schema));
        return schema.ToJson();
    }

    /// <summary>What is wrong with an input, and whether a job of it is short.</summary>
    public CheckedInput Check(JsonElement input)
    {
        var reader = new InputReader(input);
        var isShort = Parse(reader);
        reader.RejectUnknown();
        return new CheckedInput(reader.Errors, isShort);
    }

    /// <summary>Reads an input for its faults; true when it has none and a job of it is short.</summary>
    protected abstract bool Parse(InputReader reader);

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,49}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NamePattern();
}
