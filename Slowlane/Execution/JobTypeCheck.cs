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
            RequireSchema(type);
        }
    }

    /// <exception cref="InvalidOperationException">The type's Parse does not read an object without fields to its end.</exception>
    private static void RequireSchema(JobDefinition type)
    {
        try
        {
            type.InputSchema();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"The Parse of job type '{type.Name}' fails on an object without fields: {e.Message} It must read every input to its end; a field that is missing reads as null or its fallback.", e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
