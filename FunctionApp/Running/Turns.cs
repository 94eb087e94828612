using Microsoft.Extensions.Logging;
using Slowlane.Jobs;

namespace Slowlane.Running;

/// <summary>
/// The computations of a set, one after the other on its lane. Many to a hop: to go to the lane's thread and back costs
/// as much as all else that a short job costs the worker.
/// </summary>
internal sealed class Turns(IReadOnlyList<SetJob> jobs, ICoalescedType type, Lane lane, ILogger log)
{
    private volatile SetJob? _current;
    private int _next;

    /// <summary>Gives each job its turn. Should one ignore its token the lane is lost, and those after it have had none.</summary>
    public async Task TakeAsync()
    {
        while (_next < jobs.Count)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                await lane.HopAsync(() => Take(stop), stop.Token);
            }
            catch (OperationCanceledException e) when (lane.IsLost)
            {
                _current?.End(e);
                return;
            }
        }
    }

    // A hop ends when a job is told to stop during its turn, so that whoever awaits it sees whether the job does.
    private bool Take(CancellationTokenSource stop)
    {
        while (_next < jobs.Count && !stop.IsCancellationRequested)
        {
            _current = jobs[_next];
            _next++;
            _current.TakeTurn(type, lane, stop, log);
        }

        return true;
    }
}
