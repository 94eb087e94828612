using Npgsql;
using Slowlane.Bench;
using Slowlane.Drill;
using Slowlane.Drill.Accounts;
using Slowlane.Drill.Cluster;
using Slowlane.Drill.Plan;
using Slowlane.Drill.Traffic;

return await BenchProgram.RunAsync(args, DrillOptions.Help, DrillOptions.Parse, RunAsync);

static async Task<int> RunAsync(DrillOptions options)
{
    await using var log = options.Log is null ? TextWriter.Null : TextWriter.Synchronized(new StreamWriter(options.Log) { AutoFlush = true });
    var plan = DrillPlan.Of(options);
    await using var cluster = await DrillCluster.StartAsync(options.Workers, log.WriteLine);
    using var callers = new Callers(cluster.Address, options);
    await callers.ReadyAsync();
    await TakeOutAsync(cluster.Database);

    await new ActionRunner(cluster, callers, log.WriteLine).PlayAsync(plan);

    var reconciliation = new Reconciliation(cluster, callers);
    var work = plan.Select(planned => planned.DrillAction).OfType<DrillAction.Submit>().DistinctBy(submit => submit.Job).ToDictionary(submit => submit.Job, submit => submit.Work);
    var jobs = await reconciliation.CloseAsync(work);
    IReadOnlyList<string> differences = [.. Account.Differences(jobs, options.Jobs, await reconciliation.RowsAsync()), .. callers.Surprises, .. cluster.Surprises];
    Report.Print(Console.Out, options, plan, jobs, differences, await reconciliation.LostLeasesAsync(), await reconciliation.PoisonAsync());
    return differences.Count == 0 ? 0 : 1;
}

// The row that jobs fetch which must fail.
static async Task TakeOutAsync(string database)
{
    await using var source = NpgsqlDataSource.Create(database);
    await using var command = source.CreateCommand("delete from profile where id = 1000");
    await command.ExecuteNonQueryAsync();
}
