namespace TinyApp;

/// <summary>What functions saw, as files in a folder that a test reads; and what they wait for, as files that it makes.</summary>
public static class Notes
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("Tiny__Notes") ?? Path.GetTempPath();

    /// <summary>Adds a note: there as a whole, or not at all.</summary>
    public static async Task WriteAsync(string topic, string text)
    {
        var file = Path.Combine(Folder, $"{topic}.{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file + "~", text);
        File.Move(file + "~", file + ".note");
    }

    /// <summary>Waits until the test opens a gate.</summary>
    public static async Task UntilOpenAsync(string gate, CancellationToken cancellationToken)
    {
        while (!File.Exists(Path.Combine(Folder, gate + ".gate")))
        {
            await Task.Delay(10, cancellationToken);
        }
    }
}
