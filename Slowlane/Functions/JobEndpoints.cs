using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Submits jobs from HTTP functions with their own routes. Slowlane's own functions use it too.</summary>
public sealed class JobEndpoints
{
    private readonly IServiceProvider _services;
    private readonly RunningFunctions _running;

    internal JobEndpoints(IServiceProvider services)
    {
        _services = services;
        _running = Get<RunningFunctions>();
    }

    /// <summary>
    /// Accepts a job of a type, as <c>POST /api/jobs/{type}</c> does. Responds with 202 and its status. With <c>Prefer: wait=N</c> it responds
    /// with the result if the job finishes in time. Other methods than <c>POST</c> are refused with 405.
    /// </summary>
    /// <param name="request">The request of the function. Its body is the input of the job.</param>
    /// <param name="type">The name of the job type.</param>
    /// <param name="route">The route of the function. The links of the response are derived from it.</param>
    /// <param name="cancellationToken">The token of the invocation.</param>
    public Task<IResult> SubmitAsync(HttpRequest request, string type, string route, CancellationToken cancellationToken)
        => AllowedMethods.Post.AnswerAsync(request, () => RunAsync(token => Get<SubmitApi>().SubmitAsync(request, route, type, token), cancellationToken));

    /// <summary>
    /// Answers a GET with the result of a job: submits the job and waits for it without blocking a thread. Equal calls to one process
    /// share a job while one of them waits. Other methods than <c>GET</c> and <c>HEAD</c> are refused with 405.
    /// </summary>
    /// <param name="request">The request of the function. Its query is the input of the job: each parameter is read as the type that the field of its name has.</param>
    /// <param name="type">The name of the job type.</param>
    /// <param name="route">The route of the function. The links of the response are derived from it.</param>
    /// <param name="cancellationToken">The token of the invocation.</param>
    public Task<IResult> AnswerAsync(HttpRequest request, string type, string route, CancellationToken cancellationToken)
        => AllowedMethods.Get.AnswerAsync(request, () => RunAsync(token => Get<LongAnswer>().GetAsync(request, type, route, token), cancellationToken));

    /// <inheritdoc cref="RunningFunctions.RunAsync{T}"/>
    internal Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken invocation) => _running.RunAsync(work, invocation);

    /// <inheritdoc cref="RunningFunctions.RunAsync{T}"/>
    internal Task RunAsync(Func<CancellationToken, Task> work, CancellationToken invocation) => _running.RunAsync(work, invocation);

    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
