using System.Runtime.ExceptionServices;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>Ends several things, each whatever became of those before: what is left running would take the processor from all that is measured later.</summary>
internal static class Ending
{
    /// <summary>One after the other. Then throws what went wrong, if anything did.</summary>
    public static async Task AllAsync(params IReadOnlyList<Func<Task>> ends)
    {
        var failures = new List<Exception>();
        foreach (var end in ends)
        {
            try
            {
                await end();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures.Add(e);
            }
        }

        if (failures.Count == 1)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }

        if (failures.Count > 1)
        {
            throw new AggregateException(failures);
        }
    }
}
