using System.Globalization;
using System.Security.Cryptography;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Services;

/// <summary>The folder for the servers' data. One process at a time locks it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream? _lock;

    private DataFolder(string location, FileStream? lockFile)
    {
        Location = location;
        _lock = lockFile;
    }

    public string Location { get; }

    /// <summary>Creates a temporary folder for this process. The guard deletes it.</summary>
    public static DataFolder Temporary()
    {
        var folder = new DataFolder(Directory.CreateTempSubdirectory("slowlane-").FullName, lockFile: null);
        folder.LetOthersIn();
        return folder;
    }

    /// <summary>Locks the folder, or fails with the process that has it. The operating system releases the lock however this process ends.</summary>
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

    /// <summary>The password of the database. It is created at first use and readable only by this user.</summary>
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
        FileStream lockFile;
        try
        {
            lockFile = new FileStream(Path.Combine(location, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(pidFile))
        {
            var pid = File.ReadAllText(pidFile).Trim();
            throw new CannotStartException(
                $"Another LocalHost (process {pid}) uses the data in {location}. Stop it first, or start this one with --ephemeral for data of its own.");
        }

        File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var folder = new DataFolder(location, lockFile);
        folder.LetOthersIn();
        return folder;
    }

    // If this process runs as root, PostgreSQL runs as another user and needs access to a folder inside this one.
    private void LetOthersIn()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Location, File.GetUnixFileMode(Location) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }
    }
}
