using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Slowlane;
using Slowlane.Micro;

if (args is ["throughput", .. var sizes])
{
    return await Throughput.RunAsync(sizes);
}

// In this process: a generated project would know neither the central package versions nor the app's internals.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromTypes([typeof(MessageBenchmarks), typeof(SubmitBenchmarks), typeof(SketchBenchmarks), typeof(ClaimBenchmarks)]).Run(args, config);
return 0;
