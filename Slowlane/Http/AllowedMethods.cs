using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>The methods that a resource takes, and the responses to all others (RFC 9110, sections 9.3.7 and 15.5.6).</summary>
/// <remarks>
/// The platform responds to a method that no function takes with an empty 404, also to <c>HEAD</c> where there is a <c>GET</c>. So a
/// function takes every method, and refuses here. A second function for the refusals would need the same route and the same key.
/// </remarks>
internal sealed class AllowedMethods
{
    public static readonly AllowedMethods Get = new(HttpMethods.Get, HttpMethods.Head);
    public static readonly AllowedMethods Post = new(HttpMethods.Post);
    public static readonly AllowedMethods GetAndPost = new(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post);

    private readonly string[] _methods;
    private readonly string _list;

    private AllowedMethods(params string[] methods)
    {
        _methods = methods;
        _list = string.Join(", ", methods.Append(HttpMethods.Options));
    }

    /// <summary>The response, or the refusal of the request's method.</summary>
    public Task<IResult> AnswerAsync(HttpRequest request, Func<Task<IResult>> answer) => Refusal(request) is { } refusal ? Task.FromResult(refusal) : answer();

    /// <summary>204 for <c>OPTIONS</c> and 405 for a method that the resource does not take, both with <c>Allow</c>. Null for a method that it takes.</summary>
    public IResult? Refusal(HttpRequest request)
    {
        if (_methods.Contains(request.Method, StringComparer.OrdinalIgnoreCase)) // As the host compares them.
        {
            return null;
        }

        if (!HttpMethods.IsOptions(request.Method))
        {
            return Problem.MethodNotAllowed(request.Method, _list);
        }

        request.HttpContext.Response.Headers.Allow = _list;
        return Results.NoContent();
    }
}
