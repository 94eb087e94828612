using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Submits jobs for HTTP functions with routes of their own; what the engine's own functions are made of, too.</summary>
public sealed class JobEndpoints
{
    private readonly IServiceProvider _services;
    private readonly RunningFunctions _running;

    internal JobEndpoints(IServiceProvider services)
    {
        _services = services;
        _running = Get<RunningFunctions>();
    }

    /// <summary>Accepts a job of a type, as <c>POST /api/jobs/{type}</c> does: 202 with its status, or with <c>Prefer: wait=N</c> its result when it is done in time.</summary>
    /// <param name="request">The function's request; its body is the job's input.</param>
    /// <param name="type">The job type's name.</param>
    /// <param name="route">The function's own route, from which the links of the answer are made.</param>
    /// <param name="cancellationToken">The invocation's.</param>
    public Task<IResult> SubmitAsync(HttpRequest request, string type, string route, CancellationToken cancellationToken)
        => RunAsync(token => Get<SubmitApi>().SubmitAsync(request, route, type, token), cancellationToken);

    /// <summary>Answers a GET with a job's result: submits the job, waits for it and blocks nobody. Equal calls share one job until it ends.</summary>
    /// <param name="request">The function's request; its query is the job's input.</param>
    /// <param name="type">The job type's name.</param>
    /// <param name="route">The function's own route, from which the links of the answer are made.</param>
    /// <param name="cancellationToken">The invocation's.</param>
    public Task<IResult> AnswerAsync(HttpRequest request, string type, string route, CancellationToken cancellationToken)
        => RunAsync(token => Get<LongAnswer>().GetAsync(request, type, route, token), cancellationToken);

    /// <inheritdoc cref="RunningFunctions.RunAsync{T}"/>
    internal Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken invocation) => _running.RunAsync(work, invocation);

    /// <inheritdoc cref="RunningFunctions.RunAsync{T}"/>
    internal Task RunAsync(Func<CancellationToken, Task> work, CancellationToken invocation) => _running.RunAsync(work, invocation);

    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
