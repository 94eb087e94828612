using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Http;

/// <summary>Checks function keys, if the host requires them.</summary>
internal sealed class FunctionKeys
{
    /// <summary>The setting that names another key file.</summary>
    public const string FileSetting = "LocalHost:KeysFile";

    private const string Header = "x-functions-key";
    private const string Query = "code";

    private static readonly string DefaultFile = Path.Combine(ProjectFolder.Root, ".slowlane", "keys.json");

    private readonly KeyFile _keys;

    private FunctionKeys(KeyFile keys, string path)
    {
        _keys = keys;
        FilePath = path;
    }

    /// <summary>The path of the key file.</summary>
    public string FilePath { get; }

    /// <summary>Reads the keys. At the first start it creates one master key and one host key.</summary>
    /// <exception cref="CannotStartException">The file is not a valid key file.</exception>
    public static FunctionKeys Open(IConfiguration settings)
    {
        var path = Path.GetFullPath(settings[FileSetting] is { Length: > 0 } given ? given : DefaultFile);
        try
        {
            if (!File.Exists(path))
            {
                Make(path);
            }

            var keys = JsonSerializer.Deserialize(File.ReadAllBytes(path), KeyFileJson.Default.KeyFile);
            return new FunctionKeys(IsWhole(keys) ? keys : throw new JsonException("a key is empty or missing"), path);
        }
        catch (JsonException exception)
        {
            throw CannotStartException.Usage($"The keys in {path} can't be understood ({exception.Message}): mend the file, or delete it to get new keys.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotStartException.Usage($"The keys can't be kept in {path} ({exception.Message}): name a file that this user may read and write in LocalHost__KeysFile.");
        }
    }

    /// <summary>Whether the key of the request allows a call of this function.</summary>
    public bool Allow(HttpRequest request, string function, AuthorizationLevel level)
    {
        if (level == AuthorizationLevel.Anonymous)
        {
            return true;
        }

        var given = request.Headers[Header].ToString() is { Length: > 0 } header ? header : request.Query[Query].ToString();
        if (given.Length == 0)
        {
            return false;
        }

        // All keys are compared in every case, so that the response time reveals nothing about them.
        var hash = Hash(given);
        var allowed = Same(hash, _keys.Master);
        if (level == AuthorizationLevel.Function)
        {
            IEnumerable<string> own = _keys.Functions.TryGetValue(function, out var keys) ? keys.Values : [];
            foreach (var key in _keys.Host.Values.Concat(own))
            {
                allowed |= Same(hash, key);
            }
        }

        return allowed;
    }

    // A file that is edited by hand may contain null anywhere.
    private static bool IsWhole([NotNullWhen(true)] KeyFile? keys)
        => keys is { Master.Length: > 0 }
            && keys.Host.Values.All(key => key is { Length: > 0 })
            && keys.Functions.Values.All(own => own is not null && own.Values.All(key => key is { Length: > 0 }));

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, new KeyFile { Master = NewKey(), Host = new(StringComparer.Ordinal) { ["default"] = NewKey() } }, KeyFileJson.Default.KeyFile);
    }

    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(40));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool Same(byte[] hash, string key) => CryptographicOperations.FixedTimeEquals(hash, Hash(key));
}
