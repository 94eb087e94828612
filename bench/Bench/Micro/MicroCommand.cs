using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Micro;

/// <summary>Slowlane's hot places one by one. Its options are BenchmarkDotNet's.</summary>
internal sealed class MicroCommand : ICommand
{
    private static readonly Type[] Benchmarks = [typeof(MessageBenchmarks), typeof(SubmitBenchmarks), typeof(SketchBenchmarks), typeof(ClaimBenchmarks)];

    public string Name => "micro";

    public string Does => "Times Slowlane's hot places one by one, with BenchmarkDotNet and its options (-- micro --filter '*')";

    // In this process: a generated project would know neither the central package versions nor the app's internals.
    public Func<CancellationToken, Task<int>> Read(IReadOnlyList<string> args) => cancellationToken => Task.Run(
        () =>
        {
            BenchmarkSwitcher.FromTypes(Benchmarks).Run([.. args], DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
            return 0;
        },
        CancellationToken.None).WaitAsync(cancellationToken);
}
