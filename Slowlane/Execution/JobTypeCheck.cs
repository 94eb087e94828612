using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>Creates every job type once when the process starts. A missing service then fails the start, and no job is charged for it.</summary>
internal sealed class JobTypeCheck(JobRegistry types, IServiceScopeFactory scopes) : IHostedService
{
    /// <exception cref="InvalidOperationException">A type's constructor needs a service that is not registered.</exception>
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
