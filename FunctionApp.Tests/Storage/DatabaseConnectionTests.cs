using System.Net;
using System.Net.Sockets;
using Npgsql;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class DatabaseConnectionTests
{
    [Theory]
    [Trait("Category", "Fast")]
    [InlineData("postgresql://app:x@127.0.0.1/t3", "Host=127.0.0.1;Port=5432;Database=t3;Username=app;Password=x")]
    [InlineData("postgres://app@db.example:5433/jobs", "Host=db.example;Port=5433;Database=jobs;Username=app")]
    [InlineData(" POSTGRESQL://h ", "Host=h;Port=5432")]
    [InlineData("postgresql://h:/?", "Host=h;Port=5432")]
    [InlineData("postgresql://a%40b:p%2Fq%3Aw%25%3B%C3%BC+@h/d%20e", "Host=h;Port=5432;Username=a@b;Password=\"p/q:w%;ü+\";Database=\"d e\"")]
    [InlineData("postgresql://u:p:q?r#s@h/d", "Host=h;Port=5432;Username=u;Password=p:q?r#s;Database=d")]
    [InlineData("postgresql://[::1]:5433/d", "Host=::1;Port=5433;Database=d")]
    [InlineData("postgresql://[::1]/d", "Host=::1;Port=5432;Database=d")]
    [InlineData("postgresql://a,b:2,[::1]:3/d", "Host=\"a:5432,b:2,[::1]:3\";Database=d")]
    [InlineData("postgresql://a,b/d?port=6000", "Host=\"a:6000,b:6000\";Database=d")]
    [InlineData("postgresql:///d?host=a,b&port=1,2", "Host=\"a:1,b:2\";Database=d")]
    [InlineData("postgresql://%2Fvar%2Frun/d", "Host=/var/run;Port=5432;Database=d")]
    [InlineData("postgresql:///d?host=/var/run/postgresql&port=5433", "Host=/var/run/postgresql;Port=5433;Database=d")]
    [InlineData("postgresql://h/d?user=u&password=p&dbname=e", "Host=h;Port=5432;Username=u;Password=p;Database=e")]
    [InlineData("postgresql://h/d?application_name=my%20app&connect_timeout=10", "Host=h;Port=5432;Database=d;Application Name=\"my app\";Timeout=10")]
    [InlineData("postgresql://h?application_name=a&fallback_application_name=b", "Host=h;Port=5432;Application Name=a")]
    [InlineData("postgresql://h?connect_timeout=-1", "Host=h;Port=5432;Timeout=0")]
    [InlineData("postgresql://h?options=-c%20geqo%3Doff", "Host=h;Port=5432;Options=\"-c geqo=off\"")]
    [InlineData("postgresql://h?options=-cgeqo=off", "Host=h;Port=5432;Options=\"-cgeqo=off\"")]
    [InlineData("postgresql://h?sslmode=", "Host=h;Port=5432")]
    [InlineData("postgresql://h?sslmode=disable", "Host=h;Port=5432;SSL Mode=Disable")]
    [InlineData("postgresql://h?sslmode=verify-full", "Host=h;Port=5432;SSL Mode=VerifyFull")]
    [InlineData("postgresql://h?sslmode=prefer&sslmode=verify-ca", "Host=h;Port=5432;SSL Mode=VerifyCA")]
    [InlineData("postgresql://h?ssl=true", "Host=h;Port=5432;SSL Mode=Require")]
    [InlineData("postgresql://h?sslrootcert=system", "Host=h;Port=5432;SSL Mode=VerifyFull")]
    [InlineData("postgresql://h?sslmode=verify-full&sslrootcert=/ca.pem", "Host=h;Port=5432;SSL Mode=VerifyFull;Root Certificate=/ca.pem")]
    [InlineData("postgresql://h?channel_binding=require&gssencmode=disable", "Host=h;Port=5432;Channel Binding=Require;GSS Encryption Mode=Disable")]
    [InlineData("postgresql://h?require_auth=scram-sha-256", "Host=h;Port=5432;Require Auth=ScramSHA256")]
    [InlineData("postgresql://h?require_auth=!password,!md5", "Host=h;Port=5432;Require Auth=\"!Password,!MD5\"")]
    [InlineData("postgresql://h?keepalives=1&keepalives_idle=30&keepalives_interval=5", "Host=h;Port=5432;TCP Keepalive=True;TCP Keepalive Time=30;TCP Keepalive Interval=5")]
    [InlineData("postgresql://a,b?target_session_attrs=read-write&load_balance_hosts=random", "Host=\"a:5432,b:5432\";Target Session Attributes=read-write;Load Balance Hosts=True")]
    [InlineData("postgresql://h?target_session_attrs=read-write", "Host=h;Port=5432")]
    [InlineData("server=h;userid=u;timeout=3", "Host=h;Username=u;Timeout=3")]
    public void Connection_AsAUriOrAsKeywords_IsReadForNpgsql(string setting, string connectionString)
        => Assert.True(
            new NpgsqlConnectionStringBuilder(connectionString).EquivalentTo(new NpgsqlConnectionStringBuilder(DatabaseConnection.Read(setting))),
            DatabaseConnection.Read(setting));

    [Theory]
    [Trait("Category", "Fast")]
    [InlineData("postgresql://app:hidden@h/d?sslmodes=require", "has the parameter 'sslmodes', which the app does not know; delete it, or correct it to one of host, port, user, ")]
    [InlineData("postgresql://h/d?hostaddr=127.0.0.1", "has the parameter 'hostaddr', which the app does not know; delete it")]
    [InlineData("postgresql://h/d?password=a&hidden=b", "has an unknown parameter after a password; write an '&' of the password as %26")]
    [InlineData("postgresql://h/d?sslmode=full", "has sslmode=full; choose one of disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("postgresql://h/d?require_auth=scram", "has require_auth=scram; choose from password, md5, gss, sspi, scram-sha-256, none, separated by commas")]
    [InlineData("postgresql://h/d?require_auth=md5,!password", "has require_auth=md5,!password; choose from password, md5, ")]
    [InlineData("postgresql://h/d?connect_timeout=2000", "has connect_timeout=2000; choose a whole number of seconds up to 1024")]
    [InlineData("postgresql://h/d?target_session_attrs=writable", "has target_session_attrs=writable; choose one of any, read-write")]
    [InlineData("postgresql://h/d?keepalives=0", "has keepalives=0; choose 1")]
    [InlineData("postgresql://h/d?sslrootcert=system&sslmode=require", "has sslrootcert=system with a weaker sslmode; set sslmode=verify-full")]
    [InlineData("postgresql://h/d?application_name", "has a parameter without a value; write name=value")]
    [InlineData("postgresql://app:hidden@/d", "names no host; write it after the //")]
    [InlineData("postgresql://", "names no host")]
    [InlineData("postgresql://a,,b/d", "names no host")]
    [InlineData("postgresql://app:pa/hidden@h/d", "has a port that is no whole number from 1 to 65535; put an IPv6 address into [ ], and write")]
    [InlineData("postgresql://h:65536/d", "has a port that is no whole number from 1 to 65535")]
    [InlineData("postgresql://::1/d", "has a port that is no whole number from 1 to 65535; put an IPv6 address into [ ]")]
    [InlineData("postgresql://app:pa@hidden@h/d", "has an '@' in its host; write an '@' of the user or the password as %40")]
    [InlineData("postgresql://app:100%hidden@h/d", "has a '%' without two hexadecimal digits")]
    [InlineData("postgresql://app:%00@h/d", "has a '%' without two hexadecimal digits, or the code 00")]
    [InlineData("postgresql://[::1/d", "has a '[' without an IPv6 address and a ']'")]
    [InlineData("postgresql://a,b,c/d?port=1,2", "has 3 hosts and 2 ports; give one port for all, or one for each host")]
    [InlineData("mysql://app:hidden@h/d", "is a URI of another scheme; write postgresql://user:password@host:5432/database")]
    [InlineData("hidden", "can't be read; set it to keywords")]
    [InlineData("Host=h;Pasword=hidden", "has the keyword 'pasword', which Npgsql does not know; correct or delete it")]
    [InlineData("Host=h;Password=a;hidden=", "has an unknown keyword after a password; put a password with a ';' into quotes")]
    [InlineData("jdbc:postgresql://app:hidden@h:5432/d?ssl=true", "is a URI of another scheme; write postgresql://user:password@host:5432/database")]
    [InlineData("postgresql+asyncpg://app:hidden@h/d", "is a URI of another scheme; write postgresql://user:password@host:5432/database")]
    [InlineData("Host=h;app:hidden@h=1", "has a keyword that Npgsql does not know; correct or delete it")]
    [InlineData("Host=h;foo=;Username=u", "has the keyword 'foo', which Npgsql does not know; correct or delete it")]
    [InlineData("Host=h;Password=a;hidden=b", "has an unknown keyword after a password; put a password with a ';' into quotes")]
    [InlineData("Host=h;Port=hidden", "has a value of 'port' that can't be used; choose a whole number")]
    [InlineData("Host=h;Timeout=2000", "has a value of 'timeout' that can't be used; the value ('2000') must be less than or equal to '1024'")]
    [InlineData("Host=h;SSL Mode=hidden", "has a value of 'ssl mode' that can't be used; choose one of Disable, Allow, Prefer, Require, VerifyCA, VerifyFull")]
    [InlineData("Host=h;Pooling=hidden", "has a value of 'pooling' that can't be used; choose true or false")]
    [InlineData("Database=d", "names no host; add Host=…")]
    [InlineData("Host=h;Port=70000", "has a port that is no whole number from 1 to 65535")]
    [InlineData("Host=h:hidden", "has a host with a port that is no whole number; write Host=name:5432")]
    [InlineData("host=localhost port=5432 password=hidden", "has a '=' in its host; write a ';' between keywords")]
    [InlineData("Host=h;Minimum Pool Size=5;Maximum Pool Size=2", "can't be used: Connection can't have 'Max Pool Size' 2 under 'Min Pool Size' 5")]
    public void Connection_ThatCannotBeRead_IsOneSentenceWithTheRemedyAndWithoutASecret(string setting, string fault)
    {
        var refusal = Assert.Throws<SettingException>(() => DatabaseConnection.Read(setting));

        Assert.StartsWith($"The setting Slowlane:Database {fault}", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Category", "Fast")]
    [InlineData("Host=h", "scram-sha-256", "ScramSHA256")]
    [InlineData("Host=h", "ScramSHA256", "ScramSHA256")]
    [InlineData("Host=h", "", null)]
    [InlineData("Host=h;Require Auth=MD5", "scram-sha-256", "MD5")]
    [InlineData("postgresql://h?require_auth=md5", "nonsense", "MD5")]
    public void RequireAuth_OfTheEnvironment_HoldsInLibpqsWordsUnlessTheSettingHasIt(string setting, string environment, string? methods)
        => Assert.Equal(methods, new NpgsqlConnectionStringBuilder(DatabaseConnection.Read(setting, environment)).RequireAuth);

    [Fact]
    [Trait("Category", "Fast")]
    public void RequireAuth_OfTheEnvironmentThatMeansNothing_IsRefusedByItsName()
    {
        var refusal = Assert.Throws<SettingException>(() => DatabaseConnection.Read("Host=h", "nonsense"));

        Assert.Equal("The environment variable PGREQUIREAUTH is 'nonsense'; choose from password, md5, gss, sspi, scram-sha-256, none, separated by commas, and all of them or none with a '!' before it, or remove it.", refusal.Message);
    }

    [Fact]
    public async Task Uri_WithAHostThatIsDownAndOneThatMayWrite_ConnectsToTheOther()
    {
        await using var database = await TestDatabase.CreateAsync();
        var given = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        using var refusing = new TcpListener(IPAddress.Loopback, 0);
        refusing.Start();
        var down = ((IPEndPoint)refusing.LocalEndpoint).Port;
        refusing.Stop();
        var uri = $"postgresql://{given.Username}:{given.Password}@127.0.0.1:{down},127.0.0.1:{given.Port}/{given.Database}?target_session_attrs=read-write&application_name=by-uri";
        await using var source = Database.Open(new SlowlaneOptions { Database = DatabaseConnection.Read(uri), Storage = "" });

        await using var command = source.CreateCommand("select current_database() || ' ' || current_setting('application_name')");

        Assert.Equal($"{given.Database} by-uri", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
