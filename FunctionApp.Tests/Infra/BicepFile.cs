using System.Text.RegularExpressions;
using Slowlane.LocalHost.Services;

namespace Slowlane.Tests.Infra;

/// <summary>What a declaration says of itself.</summary>
/// <param name="Kind"><c>param</c>, <c>var</c>, <c>type</c>, <c>resource</c>, <c>module</c> or <c>output</c>.</param>
/// <param name="Name">Its symbol.</param>
/// <param name="Target">The type and version of a resource, the path of a module; empty otherwise.</param>
/// <param name="Body">All of its text, up to the next declaration.</param>
internal sealed record Declaration(string Kind, string Name, string Target, string Body);

/// <summary>A Bicep file, read as far as these tests need: its declarations, and the symbols in their text. No compiler.</summary>
internal sealed partial class BicepFile
{
    private static readonly HashSet<string> Words = new(
        [
            "param", "var", "type", "resource", "module", "output", "import", "from", "using", "targetScope", "existing", "if", "for", "in",
            "true", "false", "null", "string", "int", "bool", "object", "array", "description", "allowed", "minValue", "maxValue", "minLength", "maxLength", "export",
        ],
        StringComparer.Ordinal);

    private BicepFile(string path, string text)
    {
        Path = path;
        Text = Comment().Replace(text, "");
        var starts = Start().Matches(Text);
        Declarations = [.. starts.Select((start, i) => new Declaration(
            start.Groups["kind"].Value,
            start.Groups["name"].Value,
            start.Groups["target"].Value,
            Text[start.Index..(i + 1 < starts.Count ? starts[i + 1].Index : Text.Length)]))];
    }

    public static string Folder { get; } = System.IO.Path.Combine(ProjectFolder.Root, "infra");

    /// <summary>Every Bicep file there is.</summary>
    public static IReadOnlyList<BicepFile> All { get; } = [.. Directory.EnumerateFiles(Folder, "*.bicep*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Relative to the folder <c>infra</c>.</summary>
    public string Path { get; }

    /// <summary>The text without comments.</summary>
    public string Text { get; }

    public IReadOnlyList<Declaration> Declarations { get; }

    public static BicepFile At(string path) => All.Single(file => string.Equals(file.Path, path, StringComparison.Ordinal));

    public IEnumerable<Declaration> Of(string kind) => Declarations.Where(declaration => string.Equals(declaration.Kind, kind, StringComparison.Ordinal));

    public Declaration Named(string name) => Declarations.Single(declaration => string.Equals(declaration.Name, name, StringComparison.Ordinal) && declaration.Kind is not "output");

    /// <summary>The symbols that are declared here, or imported.</summary>
    public HashSet<string> Symbols() => new(
        Declarations.Where(declaration => declaration.Kind is not "output").Select(declaration => declaration.Name)
            .Concat(Imported().Matches(Text).SelectMany(match => match.Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries))),
        StringComparer.Ordinal);

    /// <summary>The symbols that are referred to: not keys, properties, functions, loop variables or words of the language.</summary>
    public HashSet<string> References()
    {
        var code = Code(Head().Replace(Text, ""));
        var loops = Loop().Matches(code).SelectMany(match => match.Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.Ordinal);
        return Reference().Matches(Looped().Replace(code, " in ${name} ")).Select(match => match.Groups["name"].Value)
            .Where(name => !Words.Contains(name) && !loops.Contains(name)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The keys at the first level of an object that is a declaration's property, such as a module's <c>params</c>.</summary>
    public static List<(string Key, string Value)> Entries(string body, string property)
    {
        var start = Regex.Match(body, $@"^ *{property}: \{{\n(?<indent> +)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        if (!start.Success)
        {
            return [];
        }

        var indent = start.Groups["indent"].Value;
        return [.. body[start.Groups["indent"].Index..].Split('\n')
            .TakeWhile(line => line.Length == 0 || line.StartsWith(indent, StringComparison.Ordinal))
            .Select(line => Entry().Match(line))
            .Where(match => match.Success && match.Groups["indent"].Length == indent.Length)
            .Select(match => (match.Groups["key"].Value, match.Groups["value"].Value.Trim()))];
    }

    /// <summary>The quoted texts of a list such as <c>['a', 'b']</c>.</summary>
    public static string[] Quoted(string text) => [.. Literal().Matches(text).Select(match => match.Value.Trim('\''))];

    private static BicepFile Read(string path)
        => new(System.IO.Path.GetRelativePath(Folder, path).Replace('\\', '/'), File.ReadAllText(path).ReplaceLineEndings("\n"));

    /// <summary>The text without its literals, but with what they interpolate.</summary>
    private static string Code(string text) => Literal().Replace(text, literal => string.Join(' ', Interpolated().Matches(literal.Value).Select(match => match.Groups["code"].Value)));

    [GeneratedRegex(@"(?<=^|[ \t])//.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<kind>param|var|type|resource|module|output) (?<name>\w+)(?: '(?<target>[^']+)')?", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Start();

    [GeneratedRegex(@"^import \{(?<names>[^}]+)\}", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Imported();

    [GeneratedRegex(@"^(param|var|type|resource|module|output) \w+", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Head();

    [GeneratedRegex(@"\bfor \(?(?<names>[\w, ]+?)\)? in ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Loop();

    // The colon after what is looped over would make it look like a key.
    [GeneratedRegex(@" in (?<name>\w+):", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Looped();

    [GeneratedRegex(@"(?<![\w.?@'])(?<!\.\?)(?<name>[A-Za-z_]\w*)\b(?!\s*\(|\s*:(?!:)|')", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^(?<indent> +)'?(?<key>[\w ]+)'?: (?<value>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"'(?:[^'\\\n]|\\.)*'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\$\{(?<code>[^}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Interpolated();
}
