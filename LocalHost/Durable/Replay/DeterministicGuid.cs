using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>GUIDs that an orchestrator gets again whenever it is repeated: version 5, as the official ones.</summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = Guid.Parse("9e952958-5e33-4daf-827f-2fa12937b875", CultureInfo.InvariantCulture);

    /// <summary>The GUID of an instance at a time of its clock.</summary>
    public static Guid Create(string instanceId, DateTime now, int counter)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{now:o}_{counter}");
        byte[] named = [.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)];
#pragma warning disable CA5350 // Version 5 is SHA-1; nothing here is a secret.
        var hash = SHA1.HashData(named).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
