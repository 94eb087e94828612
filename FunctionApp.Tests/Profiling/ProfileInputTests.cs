using Slowlane.Profiling.Sources;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileInputTests
{
    [Theory]
    [InlineData("{}", "", "neither 'table' nor 'rows'")]
    [InlineData("""{"table":"t","rows":[]}""", "", "both 'table' and 'rows'")]
    [InlineData("""{"table":7}""", "table", "is a number; send a string")]
    [InlineData("""{"table":""}""", "table", "send a name as SQL writes it")]
    [InlineData("""{"table":"a."}""", "table", "send a name as SQL writes it")]
    [InlineData("""{"table":".a"}""", "table", "send a name as SQL writes it")]
    [InlineData("""{"table":"\"a"}""", "table", "send a name as SQL writes it")]
    [InlineData("""{"table":"\"\""}""", "table", "send a name as SQL writes it")]
    [InlineData("""{"table":"a\"b\""}""", "table", "send a name as SQL writes it")]
    [InlineData("""{"table":"a.b.c"}""", "table", "a name of 3 parts")]
    [InlineData("""{"table":"a\u0000"}""", "table", "NUL character")]
    [InlineData("""{"table":"t","top":101}""", "top", "from 0 to 100")]
    [InlineData("""{"table":"t","top":1.5}""", "top", "whole number from 0 to 100")]
    [InlineData("""{"table":"t","bins":0}""", "bins", "from 1 to 200")]
    [InlineData("""{"table":"t","bins":1e999}""", "bins", "from 1 to 200")]
    [InlineData("""{"table":"t","partitions":0}""", "partitions", "from 1 to 64")]
    [InlineData("""{"table":"t","partitions":65}""", "partitions", "from 1 to 64")]
    [InlineData("""{"table":"t","partitions":2.5}""", "partitions", "whole number from 1 to 64")]
    [InlineData("""{"rows":[{"a":1}],"partitions":1}""", "partitions", "leave it out with 'rows'")]
    [InlineData("""{"table":"t","rowSecurity":1}""", "rowSecurity", "send true or false")]
    [InlineData("""{"rows":[{"a":1}],"rowSecurity":true}""", "rowSecurity", "leave it out with 'rows'")]
    [InlineData("""{"table":"t","where":"n = 1"}""", "where", "is a string; send an object")]
    [InlineData("""{"table":"t","where":{}}""", "where", "is empty; name at least one column")]
    [InlineData("""{"table":"t","where":{"\ud800":1}}""", "where", "without lone surrogates")]
    [InlineData("""{"table":"t","where":{"n":[]}}""", "where.n", "has 0 values; send 1 to 100")]
    [InlineData("""{"table":"t","where":{"n":{"gt":1}}}""", "where.n", "is an object; send a string, a number")]
    [InlineData("""{"table":"t","where":{"n":[1,[2]]}}""", "where.n[1]", "is an array; send a string, a number")]
    [InlineData("""{"table":"t","where":{"n":"\u0000"}}""", "where.n", "no NUL characters")]
    [InlineData("""{"table":"t","where":{"n":["\ud800"]}}""", "where.n[0]", "no lone surrogates")]
    [InlineData("""{"rows":[{"a":1}],"where":{"a":1}}""", "where", "leave it out with 'rows'")]
    [InlineData("""{"table":"t","firstRows":21}""", "firstRows", "whole number from 0 to 20")]
    [InlineData("""{"table":"t","firstRows":true}""", "firstRows", "is a boolean; send a number")]
    [InlineData("""{"rows":[{"a":1}],"firstRows":1}""", "firstRows", "leave it out with 'rows'")]
    [InlineData("""{"table":"t","sample":0}""", "sample", "send a number from 0.0001 to 1")]
    [InlineData("""{"table":"t","sample":1.01}""", "sample", "send a number from 0.0001 to 1")]
    [InlineData("""{"table":"t","sample":"1; drop table t"}""", "sample", "is a string; send a number")]
    [InlineData("""{"rows":[{"a":1}],"sample":0.5}""", "sample", "leave it out with 'rows'")]
    [InlineData("""{"table":"t","baseline":"0190"}""", "baseline", "is '0190', which is no id of a job; send the id of an earlier profile of the table (40 digits), or \"latest\".")]
    [InlineData("""{"table":"t","baseline":true}""", "baseline", "is a boolean; send a string")]
    [InlineData("""{"rows":[{"a":1}],"baseline":"latest"}""", "baseline", "leave it out with 'rows'")]
    [InlineData("""{"table":"t","driftThreshold":1}""", "driftThreshold", "send 'baseline' with it")]
    [InlineData("""{"table":"t","baseline":"latest","driftThreshold":0}""", "driftThreshold", "send a number from 0.01 to 10")]
    [InlineData("""{"rows":[]}""", "rows", "is empty; send at least one row")]
    [InlineData("""{"table":"t","columns":[]}""", "columns", "is empty")]
    [InlineData("""{"table":"t","columns":["a","b","a"]}""", "columns", "names 'a' more than once")]
    [InlineData("""{"table":"t","columns":[1]}""", "columns[0]", "is a number")]
    [InlineData("""{"table":"t","limit":5}""", "limit", "is not a field")]
    [InlineData("""{"rows":{}}""", "rows", "is an object; send an array")]
    [InlineData("""{"rows":[{},5]}""", "rows[1]", "is not an object")]
    [InlineData("""{"rows":[{"a":"x\u0000"}]}""", "rows[0]", "no NUL characters")]
    [InlineData("""{"rows":[{"a":"\ud800"}]}""", "rows[0]", "no lone surrogates")]
    [InlineData("""{"rows":[{"\ud800":1}]}""", "rows[0]", "no lone surrogates")]
    [InlineData("""{"rows":[{"a\u0000":1}]}""", "rows[0]", "no NUL characters")]
    [InlineData("""{"rows":[{"a":1}],"columns":["b"]}""", "columns", "names 'b', which no row has; the rows have 'a'")]
    public void Input_ThatIsWrong_NamesFieldAndRemedy(string json, string field, string sentence)
    {
        var (_, errors) = ProfileRun.Parse(json);

        Assert.Contains(errors[field], error => error.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Input_WithManyFaults_NamesThemAll()
    {
        var (_, errors) = ProfileRun.Parse("""{"table":"a.b.c","top":-1,"bins":"x","columns":["c","c"],"rows":[1],"where":{"a":[{}],"b":{}}}""");

        Assert.Equal(["", "bins", "columns", "rows[0]", "table", "top", "where", "where.a[0]", "where.b"], errors.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Where_BeyondItsBounds_IsRefused()
    {
        var columns = string.Join(',', Enumerable.Range(0, WhereInput.MaxColumns + 1).Select(i => $"\"c{i}\":1"));
        var values = string.Join(',', Enumerable.Range(0, WhereInput.MaxValues + 1));

        Assert.Contains("has 17 fields; the most is 16", Fault(columns, "where"), StringComparison.Ordinal);
        Assert.Contains("has 101 values; send 1 to 100", Fault($"\"n\":[{values}]", "where.n"), StringComparison.Ordinal);
        Assert.Contains("has 1001 characters; the most is 1000", Fault($"\"n\":\"{new string('x', 1001)}\"", "where.n"), StringComparison.Ordinal);
        Assert.Contains("has 1001 characters; the most is 1000", Fault($"\"n\":[{new string('1', 1001)}]", "where.n[0]"), StringComparison.Ordinal);

        static string Fault(string where, string field) => Assert.Single(ProfileRun.Parse("{\"table\":\"t\",\"where\":{" + where + "}}").Errors[field]);
    }

    [Fact]
    public void Rows_WithMoreFieldsThanATableHasColumns_AreRefused()
    {
        var fields = string.Join(',', Enumerable.Range(0, 1601).Select(i => $"\"c{i}\":1"));

        var (_, errors) = ProfileRun.Parse($$"""{"rows":[{{{fields}}}]}""");

        Assert.Contains(errors["rows"], error => error.Contains("1601 different fields; the most is 1600", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_ThatAreAllWrong_AreNotAllReported()
    {
        var (_, errors) = ProfileRun.Parse($$"""{"rows":[{{string.Join(',', Enumerable.Repeat("0", 1000))}}]}""");

        Assert.Equal(10, errors.Count);
    }

    [Theory]
    [InlineData("t", null, "t")]
    [InlineData("s.t", "s", "t")]
    [InlineData("\"My Schema\".\"My.Table\"", "My Schema", "My.Table")]
    [InlineData("\"a\"\"b\".ü", "a\"b", "ü")]
    [InlineData("t; drop table x", null, "t; drop table x")]
    public void TableName_ReadsAsInSql(string text, string? schema, string table)
    {
        var (input, errors) = ProfileRun.Parse($$"""{"table":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""");

        Assert.Empty(errors);
        Assert.Equal(schema, input.Table!.Schema?.Text);
        Assert.Equal(table, input.Table.Table.Text);
    }
}
