using Slowlane.Tests.Fixtures;

namespace Slowlane.Tests.LocalHost;

/// <summary>What functions of the tiny app saw, and the gates that they wait at: files in a folder of the test's own.</summary>
internal sealed class TinyNotes : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tiny-notes-").FullName;

    /// <summary>The notes on a topic, oldest first.</summary>
    public IReadOnlyList<string> Of(string topic)
        => [.. Directory.GetFiles(Folder, topic + ".*.note").OrderBy(File.GetLastWriteTimeUtc).Select(File.ReadAllText)];

    /// <summary>Waits for so many notes on a topic.</summary>
    public async Task<IReadOnlyList<string>> UntilAsync(string topic, int count = 1)
    {
        await Eventually.HoldsAsync(() => Of(topic).Count >= count, $"{count} notes on {topic}");
        return Of(topic);
    }

    /// <summary>Lets those go on who wait at a gate.</summary>
    public void Open(string gate) => File.WriteAllText(Path.Combine(Folder, gate + ".gate"), "");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
