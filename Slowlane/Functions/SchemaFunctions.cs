using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Http;

namespace Slowlane.Functions;

/// <summary>Describes job types.</summary>
public sealed class SchemaFunctions(JobEndpoints engine)
{
    private readonly SchemaApi _schemas = engine.Get<SchemaApi>();

    /// <summary>Returns the JSON Schemas (draft 2020-12) of a type's input and of its result.</summary>
    [Function("TypeSchema")]
    public Task<IResult> TypeSchema([HttpTrigger(AuthorizationLevel.Function, Route = "jobs/{type}/schema")] HttpRequest request, string type)
        => AllowedMethods.Get.AnswerAsync(request, () => Task.FromResult(_schemas.Get(request, type)));
}
