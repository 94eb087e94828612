using System.Runtime.ExceptionServices;

namespace Slowlane.Execution;

/// <summary>For work on several jobs, where what keeps one from its end must keep no other from it: what goes wrong is thrown when all had their turn.</summary>
internal sealed class DeferredFailure
{
    private Exception? _last;

    /// <summary>Does a piece of the work; a failure is kept for later. True when it was done.</summary>
    public async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
#pragma warning disable CA1031 // Thrown once the others are settled.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Keep(e);
            return false;
        }
    }

    /// <summary>Keeps a failure for later, if there is one.</summary>
    public void Keep(Exception? failure) => _last = failure ?? _last;

    /// <summary>Throws the last failure, if there was one: the message comes again, and finds the others settled.</summary>
    public void Throw()
    {
        if (_last is not null)
        {
            ExceptionDispatchInfo.Throw(_last);
        }
    }
}
