using Azure.Storage.Queues;
using Slowlane.Bench;
using Slowlane.Drill.Cluster;
using Slowlane.Drill.Plan;

namespace Slowlane.Drill.Traffic;

/// <summary>Makes the acts of a plan happen, each at its time.</summary>
internal sealed class Director(DrillCluster cluster, Callers callers, Action<string> say)
{
    private readonly QueueClient _queue = new(cluster.Storage, "jobs", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>Returns when the plan is over and everything it broke is whole again.</summary>
    public async Task PlayAsync(IReadOnlyList<PlannedAct> plan)
    {
        await _queue.CreateIfNotExistsAsync(); // The app makes it with its first message; an act may come sooner.
        var start = TimeProvider.System.GetTimestamp();
        var playing = new List<Task>(plan.Count);
        foreach (var (at, act) in plan)
        {
            var wait = at - TimeProvider.System.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            say($"{TimeProvider.System.GetElapsedTime(start):mm\\:ss\\.ff} {act}");
            playing.Add(PlayAsync(act));
        }

        await Task.WhenAll(playing);
    }

    private Task PlayAsync(Act act) => act switch
    {
        Act.Submit submit => callers.SubmitAsync(submit.Job, submit.Work),
        Act.Cancel cancel => callers.CancelAsync(cancel.Job),
        Act.Retry retry => callers.RetryAsync(retry.Job),
        Act.KillWorker kill => cluster.Hosts[kill.Host].KillWorkerAsync(Node.Compute(kill.Worker)),
        Act.PauseWorker pause => cluster.Hosts[pause.Host].PauseWorkerAsync(Node.Compute(pause.Worker), pause.For),
        Act.KillHost kill => cluster.Hosts[kill.Host].KillAsync(),
        Act.StopHost stop => cluster.Hosts[stop.Host].RestartAsync(),
        Act.PauseHost pause => cluster.Hosts[pause.Host].PauseAsync(pause.For),
        Act.KillFront => cluster.Front.KillAsync(),
        Act.PauseFront pause => cluster.Front.PauseAsync(pause.For),
        Act.KillWeb => KillWebAsync(),
        Act.PauseWeb pause => cluster.Front.PauseWorkerAsync(Node.Web, pause.For),
        Act.KillDatabase => cluster.KillDatabaseAsync(),
        Act.CutDatabase cut => cluster.DatabaseLine.CutAsync(cut.For),
        Act.CutStorage cut => cluster.CutStorageAsync(cut.For),
        Act.SendTwice => SendTwiceAsync(),
        Act.SendGarbage garbage => _queue.SendMessageAsync(garbage.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "Not an act."),
    };

    private async Task KillWebAsync()
    {
        var web = await cluster.Front.WorkerAsync(Node.Web);
        callers.ExpectLostAnswers();
        Signals.Send(web, Signals.Kill);
    }

    private async Task SendTwiceAsync()
    {
        foreach (var message in (await _queue.PeekMessagesAsync(32)).Value)
        {
            await _queue.SendMessageAsync(message.Body);
        }
    }
}
