namespace Slowlane.LocalHost.Queues;

/// <summary>What is done with a message.</summary>
internal enum Settlement
{
    /// <summary>Run the function for it.</summary>
    Run,

    /// <summary>It is done: delete it.</summary>
    Delete,

    /// <summary>Make it visible again after the visibility timeout.</summary>
    Release,

    /// <summary>Copy it to the poison queue, then delete it.</summary>
    Poison,

    /// <summary>Touch nothing: it comes back when its invisibility ends.</summary>
    Leave,
}

/// <summary>Decides what is done with a message.</summary>
/// <remarks>A queue without a poison queue must not spin on a message that fails: it is left hidden for the rest of its invisibility, as on the real host.</remarks>
internal static class Settle
{
    public static Settlement Received(long dequeueCount, int maxDequeueCount, bool hasPoisonQueue)
        => dequeueCount <= maxDequeueCount ? Settlement.Run
            : hasPoisonQueue ? Settlement.Poison
            : Settlement.Leave;

    public static Settlement Finished(bool succeeded, long dequeueCount, int maxDequeueCount, bool hasPoisonQueue)
        => succeeded ? Settlement.Delete
            : !hasPoisonQueue ? Settlement.Leave
            : dequeueCount >= maxDequeueCount ? Settlement.Poison
            : Settlement.Release;
}
