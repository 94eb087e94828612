using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>Makes every job type once when the process starts: a service that is missing ends the start, and no job is charged with it.</summary>
internal sealed class JobTypeCheck(JobRegistry types, IServiceScopeFactory scopes) : IHostedService
{
    /// <exception cref="InvalidOperationException">A type's constructor takes what the app's services don't have.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var type in types.All.OfType<JobHandler>())
        {
            type.Require(scope.ServiceProvider);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
