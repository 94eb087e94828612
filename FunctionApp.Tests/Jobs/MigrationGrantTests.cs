using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class MigrationGrantTests
{
    [Theory]
    [InlineData("grant insert on a.b to slowlane_job;", "table a.b insert")]
    [InlineData("create table t (n int);\n  GRANT select, insert\n  on table T, \"U\" to slowlane_job ;", "table t select, table t insert, table U select, table U insert")]
    [InlineData("grant usage on schema s to slowlane_job; grant execute on function f() to slowlane_job;", "schema s usage")]
    [InlineData("grant select, insert on t to slowlane_job;\nrevoke insert on t from slowlane_job;", "table t select")]
    [InlineData("do $$ begin if x then\n grant select on t to slowlane_job;\n end if; end $$; /* grant select on u to slowlane_job; */", "")]
    [InlineData("grant select on t to other;\ngrant select on u to slowlane_job;", "table u select")]
    [InlineData("-- grant select on t to slowlane_job;", "")]
    [InlineData("execute format('grant select on %s to slowlane_job', t);", "")]
    [InlineData("grant select (n) on t to slowlane_job;", "")] // A right to a column is none to the table.
    public void Grants_OfAScript_AreThoseOnTablesToTheRoleOfJobs(string script, string grants)
        => Assert.Equal(grants, string.Join(", ", MigrationGrant.In([script]).Select(grant => $"{grant.Kind} {(grant.Schema is null ? "" : grant.Schema + ".")}{grant.Name} {grant.Right}")));
}
