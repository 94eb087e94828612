using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class MigrationGrantTests
{
    [Theory]
    [InlineData("grant insert on a.b to slowlane_job;", "a.b insert")]
    [InlineData("create table t (n int);\n  GRANT select, insert\n  on table t, \"U\" to slowlane_job ;", "t select, t insert, \"U\" select, \"U\" insert")]
    [InlineData("grant usage on schema s to slowlane_job; grant execute on function f() to slowlane_job;", "")]
    [InlineData("grant select on t to other;\ngrant select on u to slowlane_job;", "u select")]
    [InlineData("-- grant select on t to slowlane_job;", "")]
    [InlineData("execute format('grant select on %s to slowlane_job', t);", "")]
    [InlineData("grant select (n) on t to slowlane_job;", "")] // A right to a column is none to the table.
    public void Grants_OfAScript_AreThoseOnTablesToTheRoleOfJobs(string script, string grants)
        => Assert.Equal(grants, string.Join(", ", MigrationGrant.In(script).Select(grant => $"{grant.Table} {grant.Right}")));
}
