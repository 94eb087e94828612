using Slowlane.Bench.Commands;
using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Drill;

/// <summary>The fault drill.</summary>
internal static class DrillCommand
{
    public static Command<DrillOptions> Command { get; } = new(
        "drill",
        "Submits, cancels and retries jobs while processes are killed and paused, and balances the account",
        """
        Workers, their hosts and the front are killed, paused and stopped, database and storage are cut off, and messages come
        twice or are garbage. At its end every accepted job must be written once, failed with a reason, or cancelled.
        Ends with 0 when the account balances, with 1 when it doesn't, with 2 when an option is wrong.
        """,
        DrillOptions.All,
        RunAsync);

    private static async Task<int> RunAsync(DrillOptions options, CancellationToken cancellationToken)
    {
        await using var log = LogFile.Open(options.Log);
        await using var cluster = await DrillCluster.StartAsync(options.Workers, log.WriteLine, cancellationToken);
        return await RunAsync(options, cluster, log.WriteLine).WaitAsync(cancellationToken); // What is still under way then meets a cluster that is over.
    }

    private static async Task<int> RunAsync(DrillOptions options, DrillCluster cluster, Action<string> say)
    {
        var plan = DrillPlan.Of(options);
        using var callers = new Callers(cluster.Address, options);
        await cluster.TakeOutAsync();

        await new ActionRunner(cluster, callers, say).PlayAsync(plan);

        var reconciliation = new Reconciliation(cluster, callers);
        var submits = plan.Select(planned => planned.DrillAction).OfType<DrillAction.Submit>().DistinctBy(submit => submit.Job);
        var work = submits.ToDictionary(submit => submit.Job, submit => submit.Work);
        var jobs = await reconciliation.CloseAsync(work);
        var unbalanced = Account.Differences(jobs, options.Jobs, await reconciliation.RowsAsync());
        IReadOnlyList<string> differences = [.. unbalanced, .. callers.Surprises, .. cluster.Surprises];
        Report.Print(Console.Out, options, plan, jobs, differences, await reconciliation.LostLeasesAsync(), await reconciliation.PoisonAsync());
        return differences.Count == 0 ? 0 : 1;
    }
}
