using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>Tells what a name under <c>jobs/</c> stands for: a job has its status there, and a job type takes submits.</summary>
internal sealed class JobPath(JobRegistry types)
{
    /// <summary>The methods of the resource. An unknown name gets them all, and its 404 says what is unknown.</summary>
    public AllowedMethods MethodsOf(string name)
        => types.Find(name) is not null ? AllowedMethods.Post
            : JobId.TryParse(name, out _) ? AllowedMethods.Get
            : AllowedMethods.GetAndPost;

    /// <summary>The response, or the refusal of the request's method.</summary>
    public Task<IResult> AnswerAsync(HttpRequest request, string name, Func<Task<IResult>> answer) => MethodsOf(name).AnswerAsync(request, answer);
}
