using Microsoft.Extensions.Logging;

namespace Slowlane.Execution;

/// <summary>
/// The computations of a set, one after the other on its lane. Many to a hop: to go to the lane's thread and back costs
/// as much as all else that a short job costs the worker.
/// </summary>
internal sealed class Turns(IReadOnlyList<SetJob> jobs, IBatchJobHandler type, Lane lane, TimeProvider time, ILogger log)
{
    // What is computed waits for its write: no longer than this, and no more than this, even where jobs are not as short as their type says.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private const int MostCharacters = 8 * 1024 * 1024;

    private volatile SetJob? _current;
    private int _next;
    private long _started;
    private long _characters;

    /// <summary>
    /// Gives jobs their turns for a while; true when some are left. Should one ignore its token the lane is lost, and those
    /// after it have had none.
    /// </summary>
    public async Task<bool> TakeAsync()
    {
        (_started, _characters) = (time.GetTimestamp(), 0);
        while (HasTime)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                await lane.HopAsync(() => Take(stop), stop.Token);
            }
            catch (OperationCanceledException e) when (lane.IsLost)
            {
                _current?.End(e);
                return false;
            }
        }

        return _next < jobs.Count;
    }

    private bool HasTime => _next < jobs.Count && _characters < MostCharacters && time.GetElapsedTime(_started) < Longest;

    // A hop ends when a job is told to stop during its turn, so that whoever awaits it sees whether the job does.
    private bool Take(CancellationTokenSource stop)
    {
        while (HasTime && !stop.IsCancellationRequested)
        {
            _current = jobs[_next];
            _next++;
            _current.TakeTurn(type, lane, stop, log);
            _characters += _current.Computed?.Json.Length ?? 0;
        }

        return true;
    }
}
