using System.Collections;
using System.Globalization;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>
/// The log scope of an attempt, and of a partition of one: it adds job, type and attempt to each log line, also to the job type's
/// own lines.
/// </summary>
internal sealed class AttemptScope(JobId job, string type, int attempt) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("JobId", job.ToString()),
        1 => new("JobType", type),
        2 => new("Attempt", attempt),
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"job {job} ({type}), attempt {attempt}");
}
