using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.Options;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Http;

/// <summary>The route of one HTTP function: template, inline constraints and methods.</summary>
internal sealed class HttpRoute
{
    private static readonly DefaultInlineConstraintResolver Constraints = new(Options.Create(new RouteOptions()), NoServices.Instance);

    private readonly TemplateMatcher _matcher;
    private readonly List<(string Name, IRouteConstraint Constraint)> _constraints = [];

    /// <exception cref="CannotStartException">The template is invalid or names an unknown constraint.</exception>
    public HttpRoute(FunctionDefinition function, string prefix)
    {
        Function = function;
        Trigger = HttpTrigger.Of(function);
        Template = RoutePrefix.Join(prefix, Trigger.Template);
        try
        {
            var template = TemplateParser.Parse(Template);
            var defaults = new RouteValueDictionary();
            foreach (var parameter in template.Parameters)
            {
                if (parameter.DefaultValue is not null)
                {
                    defaults[parameter.Name!] = parameter.DefaultValue;
                }

                _constraints.AddRange(parameter.InlineConstraints.Select(inline => (parameter.Name!, Resolve(inline.Constraint))));
            }

            _matcher = new TemplateMatcher(template, defaults);
        }
        catch (Exception exception) when (exception is ArgumentException or RouteCreationException)
        {
            throw CannotStartException.Usage($"The function {function.Name} has the route \"{Template}\", which can't be read: {exception.Message} Correct it.");
        }
    }

    public FunctionDefinition Function { get; }

    public HttpTrigger Trigger { get; }

    /// <summary>The route including the prefix.</summary>
    public string Template { get; }

    /// <summary>Whether the path matches this route. If so, <paramref name="values"/> holds the route values.</summary>
    public bool Matches(PathString path, RouteValueDictionary values)
    {
        if (!_matcher.TryMatch(path, values))
        {
            return false;
        }

        foreach (var (name, constraint) in _constraints)
        {
            if (values.ContainsKey(name) && !constraint.Match(httpContext: null, route: null, name, values, RouteDirection.IncomingRequest))
            {
                return false;
            }
        }

        return true;
    }

    private IRouteConstraint Resolve(string constraint)
        => Constraints.ResolveConstraint(constraint)
            ?? throw CannotStartException.Usage($"The function {Function.Name} has the route \"{Template}\" with the constraint \"{constraint}\", which the host doesn't know: use one of ASP.NET Core's own.");

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
