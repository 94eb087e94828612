using System.Text.Json;

namespace Slowlane.LocalHost.Settings;

/// <summary>Reads local.settings.json as Core Tools does. Its Values replace missing environment variables and never override one.</summary>
internal static class LocalSettings
{
    public const string FileName = "local.settings.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The values of the files in these folders, without those that the environment has. An earlier folder overrides a later one.</summary>
    public static Dictionary<string, string?> Read(IEnumerable<string> folders, IReadOnlySet<string> environment)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in folders.Select(folder => Path.Combine(folder, FileName)).Distinct(StringComparer.Ordinal).Where(File.Exists))
        {
            foreach (var (key, value) in Parse(File.ReadAllText(file), file))
            {
                if (!environment.Contains(key))
                {
                    settings.TryAdd(key, value);
                }
            }
        }

        return settings;
    }

    /// <summary>The configuration key of a variable.</summary>
    public static string Key(string variable) => variable.Replace("__", ":", StringComparison.Ordinal);

    /// <exception cref="CannotStartException">The text is not a valid settings file.</exception>
    public static IReadOnlyDictionary<string, string?> Parse(string json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object)
            {
                throw CannotStartException.Usage($"{file} holds {Article(root)}, not an object: see local.settings.sample.json.");
            }

            if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind is JsonValueKind.True)
            {
                throw CannotStartException.Usage($"{file} is encrypted, which only Core Tools can read: run \"func settings decrypt\", or set the values in the environment.");
            }

            return root.TryGetProperty("Values", out var values) ? Flat(values, file) : new Dictionary<string, string?>(StringComparer.Ordinal);
        }
        catch (InvalidOperationException)
        {
            throw CannotStartException.Usage($"{file} holds a text that is no Unicode, half of a surrogate pair (\\ud800 to \\udfff): correct it, or remove it.");
        }
        catch (JsonException error)
        {
            throw CannotStartException.Usage($"{file} is not JSON (line {error.LineNumber + 1}): {Cause(error)} Correct it, or remove it.");
        }
    }

    /// <summary>The error without its position. The message repeats the position at its end, counted from 0.</summary>
    public static string Cause(JsonException error) => error.Message.Split(" LineNumber:")[0].Split(" Path:")[0];

    private static Dictionary<string, string?> Flat(JsonElement values, string file)
    {
        if (values.ValueKind is not JsonValueKind.Object)
        {
            throw CannotStartException.Usage($"\"Values\" in {file} is {Article(values)}, not an object: see local.settings.sample.json.");
        }

        var flat = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in values.EnumerateObject())
        {
            flat[Key(value.Name)] = value.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
                ? value.Value.ToString()
                : throw CannotStartException.Usage($"\"{value.Name}\" in {file} is {Article(value.Value)}, and settings are text: write \"A__B\" for nested names.");
        }

        return flat;
    }

    private static string Article(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ => $"the value {element}",
    };
}
