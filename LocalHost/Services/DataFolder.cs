using System.Globalization;
using System.Security.Cryptography;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Services;

/// <summary>The folder that the servers' data is in, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream? _lock;

    private DataFolder(string location, FileStream? held)
    {
        Location = location;
        _lock = held;
    }

    public string Location { get; }

    /// <summary>A folder of this process's own; the guard deletes it.</summary>
    public static DataFolder Temporary()
    {
        var folder = new DataFolder(Directory.CreateTempSubdirectory("slowlane-").FullName, held: null);
        folder.LetOthersIn();
        return folder;
    }

    /// <summary>Takes the folder, or says who has it. The operating system gives it back, however this process ends.</summary>
    public static DataFolder Open(string location)
    {
        try
        {
            return Take(location);
        }
        catch (UnauthorizedAccessException)
        {
            throw new CannotStartException(
                $"The data in {location} belongs to another user. Start LocalHost as that user, or remove the folder, or start with --ephemeral for data of its own.");
        }
    }

    /// <summary>The database's password, made at first use and readable by this user alone.</summary>
    public string Password()
    {
        var file = Path.Combine(Location, "password");
        if (!File.Exists(file))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var writer = new StreamWriter(file, options);
            writer.Write(RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        return File.ReadAllText(file) is { Length: > 0 } password ? password
            : throw new CannotStartException($"{file} is empty, and the data beside it can't be opened without what it held: restore it, remove {Location} with its data, or start with --ephemeral for data of its own.");
    }

    public void Dispose() => _lock?.Dispose();

    private static DataFolder Take(string location)
    {
        Directory.CreateDirectory(location);
        var pidFile = Path.Combine(location, "localhost.pid");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(location, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(pidFile))
        {
            var pid = File.ReadAllText(pidFile).Trim();
            throw new CannotStartException(
                $"Another LocalHost (process {pid}) uses the data in {location}. Stop it first, or start this one with --ephemeral for data of its own.");
        }

        File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var folder = new DataFolder(location, held);
        folder.LetOthersIn();
        return folder;
    }

    // Under root, PostgreSQL runs as another user and must get through to its own folder inside.
    private void LetOthersIn()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Location, File.GetUnixFileMode(Location) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }
    }
}
