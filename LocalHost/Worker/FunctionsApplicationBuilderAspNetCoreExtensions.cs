using Microsoft.AspNetCore.Http;
namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>ASP.NET Core's request and result types in HTTP functions.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Lets HTTP functions take <see cref="HttpRequest"/> and return <see cref="IResult"/>.</summary>
    /// <param name="builder">The app being composed.</param>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebApplication = true;
        return builder;
    }
}
