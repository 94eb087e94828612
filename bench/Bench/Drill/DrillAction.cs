namespace Slowlane.Bench.Drill;

/// <summary>Something that happens in a drill.</summary>
internal abstract record DrillAction
{
    private DrillAction()
    {
    }

    /// <summary>A caller submits a job, and tries again with the same key until it has an answer.</summary>
    public sealed record Submit(int Job, Work Work) : DrillAction;

    /// <summary>A caller cancels a job, whatever its state.</summary>
    public sealed record Cancel(int Job) : DrillAction;

    /// <summary>A caller retries a job, whatever its state.</summary>
    public sealed record Retry(int Job) : DrillAction;

    /// <summary>kill -9 of a worker process; its host starts another.</summary>
    public sealed record KillWorker(int Host, int Worker) : DrillAction;

    /// <summary>SIGSTOP of a worker process, past its lease or not, then SIGCONT.</summary>
    public sealed record PauseWorker(int Host, int Worker, TimeSpan For) : DrillAction;

    /// <summary>kill -9 of a host, whose guard ends its workers; another host is started at once.</summary>
    public sealed record KillHost(int Host) : DrillAction;

    /// <summary>A host is told to stop, as at a deployment; another is started.</summary>
    public sealed record StopHost(int Host) : DrillAction;

    /// <summary>SIGSTOP of a host while its workers go on, then SIGCONT.</summary>
    public sealed record PauseHost(int Host, TimeSpan For) : DrillAction;

    /// <summary>kill -9 of the front, whose guard ends its worker; another front is started at once.</summary>
    public sealed record KillFront : DrillAction;

    /// <summary>SIGSTOP of the front, then SIGCONT.</summary>
    public sealed record PauseFront(TimeSpan For) : DrillAction;

    /// <summary>kill -9 of the front's worker process, which answers requests and runs timers; the front starts another.</summary>
    public sealed record KillWeb : DrillAction;

    /// <summary>SIGSTOP of the front's worker process, then SIGCONT.</summary>
    public sealed record PauseWeb(TimeSpan For) : DrillAction;

    /// <summary>kill -9 of PostgreSQL's own processes: crash recovery, all connections cut.</summary>
    public sealed record KillDatabase : DrillAction;

    /// <summary>The database can't be reached: connections are reset and refused.</summary>
    public sealed record CutDatabase(TimeSpan For) : DrillAction;

    /// <summary>Storage can't be reached: connections are reset and refused.</summary>
    public sealed record CutStorage(TimeSpan For) : DrillAction;

    /// <summary>Messages that are in the queue are sent once more.</summary>
    public sealed record SendTwice : DrillAction;

    /// <summary>A message that is no job of this app.</summary>
    public sealed record SendGarbage(string Text) : DrillAction;
}

/// <summary>What a submitted job does.</summary>
internal enum Work
{
    /// <summary>Reads a row, burns some milliseconds, writes a row.</summary>
    Spin,

    /// <summary>Reads a row that is not there: fails with a reason.</summary>
    Fail,

    /// <summary>Profiles rows that are too many for a message, so that its input lies in a blob.</summary>
    LargeInput,
}

/// <summary>An action and when it happens, counted from the start of the drill.</summary>
internal sealed record PlannedAction(TimeSpan At, DrillAction DrillAction);
