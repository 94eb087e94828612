using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Slowlane.Http;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class QueryInputTests
{
    private static readonly JobDefinition Profile = JobHandlers.Of(typeof(ProfileJob), "profile", options: null);

    [Theory]
    [InlineData("?table=movies", """{"table":"movies"}""")]
    [InlineData("?table=7&top=3&firstRows=1", """{"firstRows":1,"table":"7","top":3}""")]
    [InlineData("?sample=0.25&rowSecurity=true", """{"rowSecurity":true,"sample":0.25}""")]
    [InlineData("?columns=a&columns=b", """{"columns":["a","b"]}""")]
    [InlineData("?where={\"n\":[1,null]}", """{"where":{"n":[1,null]}}""")]
    [InlineData("?table=movies&wait=5&CODE=key", """{"table":"movies"}""")]
    [InlineData("?top=many&sample=NaN&rowSecurity=1&where=[]&where=x", """{"rowSecurity":"1","sample":"NaN","top":"many","where":"[],x"}""")]
    [InlineData("?unknown=1", """{"unknown":"1"}""")]
    public void Query_IsReadAsTheTypesOfTheFields(string query, string input)
        => Assert.Equal(input, QueryInput.Of(new QueryCollection(QueryHelpers.ParseQuery(query)), Profile.InputSchema()));
}
