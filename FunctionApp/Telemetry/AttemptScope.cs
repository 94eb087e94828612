using System.Collections;
using System.Globalization;
using Slowlane.Storage;

namespace Slowlane.Telemetry;

/// <summary>What every log line within an attempt says besides its own: whose line it is. Also the job type's own lines.</summary>
internal sealed class AttemptScope(Claim claim) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("JobId", claim.Id.ToString()),
        1 => new("JobType", claim.Type.Name),
        2 => new("Attempt", claim.Attempt),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"job {claim.Id} ({claim.Type.Name}), attempt {claim.Attempt}");
}
