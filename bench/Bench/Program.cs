using Slowlane.Bench.Commands;
using Slowlane.Bench.Compare;
using Slowlane.Bench.Drill;
using Slowlane.Bench.Growth;
using Slowlane.Bench.Micro;
using Slowlane.Bench.Partitions;
using Slowlane.Bench.Profile;
using Slowlane.Bench.Throughput;

return await CommandRunner.RunAsync(args,
[
    CompareCommand.Command,
    DrillCommand.Command,
    GrowthCommand.Command,
    new MicroCommand(),
    PartitionsCommand.Command,
    ProfileCommand.Command,
    ThroughputCommand.Command,
]);
