using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slowlane.Jobs;

/// <summary>The outcome of the check of an input.</summary>
/// <param name="Errors">The errors by field. Empty if the input is valid.</param>
/// <param name="IsShort">Whether a job with this input takes milliseconds, according to its type.</param>
internal readonly record struct CheckedInput(IReadOnlyDictionary<string, List<string>> Errors, bool IsShort);

/// <summary>A registered job type: its name, its options and its input check.</summary>
internal abstract partial class JobDefinition
{
    private JsonObject? _inputSchema;

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

    /// <summary>A 16-bit hash of the name, for <see cref="JobId.TypeTag"/>.</summary>
    public ushort Tag { get; }

    public JobOptions Options { get; }

    /// <summary>Whether results can be shown as a page.</summary>
    public abstract bool HasPage { get; }

    /// <summary>The page of a result. Null if there is none.</summary>
    /// <param name="result">The result as JSON in UTF-8.</param>
    /// <exception cref="JsonException">The result is of an older version of the type, and can't be read.</exception>
    public abstract ResultPage? PageOf(ReadOnlySpan<byte> result);

    /// <summary>The JSON Schema of an input, made by the same declaration that checks it. Not to be changed: it is made once, and shared.</summary>
    public JsonObject InputSchema() => _inputSchema ??= Recorded();

    /// <summary>The JSON Schema of a result, made of the metadata by which it is written.</summary>
    public abstract JsonNode ResultSchema();

    /// <summary>Checks an input for errors, and whether a job with it is short.</summary>
    public CheckedInput Check(JsonElement input)
    {
        var reader = new InputReader(input);
        var isShort = Read(reader, Parse);
        reader.RejectUnknown();
        return new CheckedInput(reader.Errors, isShort);
    }

    /// <summary>Reads an input. A type's Parse may throw over the fallback of a field whose error it has reported. That error is the answer then.</summary>
    protected static T? Read<T>(InputReader reader, Func<InputReader, T> parse)
    {
        try
        {
            return parse(reader);
        }
#pragma warning disable CA1031 // The type's own code may throw anything.
        catch (Exception) when (reader.Errors.Count > 0)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    /// <summary>Reads an input and reports its errors to the reader. Returns true if it has none and a job with it is short.</summary>
    protected abstract bool Parse(InputReader reader);

    private JsonObject Recorded()
    {
        var schema = new InputSchema();
        Parse(new InputReader(schema));
        return schema.ToJson();
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,49}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NamePattern();
}
