using Azure.Storage.Queues;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Drill;

/// <summary>Makes the actions of a plan happen, each at its time.</summary>
internal sealed class ActionRunner(DrillCluster cluster, Callers callers, Action<string> say)
{
    private readonly QueueClient _queue = new(cluster.Storage, "jobs", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
    private DateTimeOffset _frontPausedUntil;

    /// <summary>Returns when the plan is over and everything it broke is whole again.</summary>
    public async Task PlayAsync(IReadOnlyList<PlannedAction> plan)
    {
        await _queue.CreateIfNotExistsAsync(); // The app makes it with its first message; an action may come sooner.
        var start = TimeProvider.System.GetTimestamp();
        var playing = new List<Task>(plan.Count);
        foreach (var (at, action) in plan)
        {
            var wait = at - TimeProvider.System.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            say($"{TimeProvider.System.GetElapsedTime(start):mm\\:ss\\.ff} {action}");
            playing.Add(PlayAsync(action));
        }

        await Task.WhenAll(playing);
    }

    private Task PlayAsync(DrillAction action) => action switch
    {
        DrillAction.Submit submit => callers.SubmitAsync(submit.Job, submit.Work),
        DrillAction.Cancel cancel => callers.CancelAsync(cancel.Job),
        DrillAction.Retry retry => callers.RetryAsync(retry.Job),
        DrillAction.KillWorker kill => cluster.Hosts[kill.Host].KillWorkerAsync(Node.Compute(kill.Worker)),
        DrillAction.PauseWorker pause => cluster.Hosts[pause.Host].PauseWorkerAsync(Node.Compute(pause.Worker), pause.For),
        DrillAction.KillHost kill => cluster.Hosts[kill.Host].KillAsync(),
        DrillAction.StopHost stop => cluster.Hosts[stop.Host].RestartAsync(),
        DrillAction.PauseHost pause => cluster.Hosts[pause.Host].PauseAsync(pause.For),
        DrillAction.KillFront => cluster.Front.KillAsync(),
        DrillAction.PauseFront pause => PauseFrontAsync(pause.For),
        DrillAction.KillWeb => KillWebAsync(),
        DrillAction.PauseWeb pause => cluster.Front.PauseWorkerAsync(Node.Web, pause.For),
        DrillAction.KillDatabase => cluster.KillDatabaseAsync(),
        DrillAction.CutDatabase cut => cluster.DatabaseProxy.CutAsync(cut.For),
        DrillAction.CutStorage cut => cluster.CutStorageAsync(cut.For),
        DrillAction.SendTwice => SendTwiceAsync(),
        DrillAction.SendGarbage garbage => _queue.SendMessageAsync(garbage.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action."),
    };

    private async Task KillWebAsync()
    {
        var web = await cluster.Front.WorkerAsync(Node.Web);
        var paused = _frontPausedUntil - TimeProvider.System.GetUtcNow();
        callers.ExpectLostAnswers(paused > TimeSpan.Zero ? paused : TimeSpan.Zero);
        Signals.Send(web, Signals.Kill);
    }

    private Task PauseFrontAsync(TimeSpan pause)
    {
        _frontPausedUntil = TimeProvider.System.GetUtcNow() + pause;
        callers.ExpectPause(pause);
        return cluster.Front.PauseAsync(pause);
    }

    private async Task SendTwiceAsync()
    {
        foreach (var message in (await _queue.PeekMessagesAsync(32)).Value)
        {
            await _queue.SendMessageAsync(message.Body);
        }
    }
}
