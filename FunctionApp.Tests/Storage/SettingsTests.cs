using Microsoft.Extensions.Configuration;
using Slowlane.Settings;
using Xunit;

namespace Slowlane.Tests.Storage;

[Trait("Category", "Fast")]
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Slowlane:Lanes", "0", "The setting Slowlane:Lanes is '0'; choose a whole number from 1 to 256.")]
    [InlineData("Slowlane:LeaseSeconds", "15s", "The setting Slowlane:LeaseSeconds is '15s'; choose a whole number from 1 to 3600.")]
    [InlineData("Slowlane:RetentionDays", "3651", "The setting Slowlane:RetentionDays is '3651'; choose a whole number from 1 to 3650.")]
    [InlineData("Slowlane:MaxLostLanes", "-1", "The setting Slowlane:MaxLostLanes is '-1'; choose a whole number from 1 to 1000.")]
    [InlineData("Slowlane:Database", "", "The setting Slowlane:Database is missing; set it to an Npgsql connection string or a PostgreSQL URI (in app settings: Slowlane__Database).")]
    [InlineData("AzureWebJobsStorage", " ", "The setting AzureWebJobsStorage is missing; set it to a storage account's connection string, or set AzureWebJobsStorage__accountName to the account's name to use an identity.")]
    [InlineData("Slowlane:Database", " ", "The setting Slowlane:Database is missing; set it to an Npgsql connection string or a PostgreSQL URI (in app settings: Slowlane__Database).")]
    public void Setting_ThatCannotBeUsed_IsNamedWithItsValueItsBoundsAndTheRemedy(string name, string value, string sentence)
        => Assert.Equal(sentence, Assert.Throws<SettingException>(() => SlowlaneOptions.From(Settings((name, value)))).Message);

    [Fact]
    public void Identity_WithAUri_IsHeldToItsEncryptionToo()
    {
        const string Identity = "11111111-2222-3333-4444-555555555555";

        Assert.NotNull(SlowlaneOptions.From(Settings(("Slowlane:Database", "postgresql://app@h/d?sslmode=verify-full"), ("Slowlane:DatabaseIdentity", Identity))).DatabaseIdentity);
        var refusal = Assert.Throws<SettingException>(() => SlowlaneOptions.From(Settings(("Slowlane:Database", "postgresql://app@h/d"), ("Slowlane:DatabaseIdentity", Identity))));
        Assert.EndsWith("would send the token unencrypted; set SSL Mode=VerifyFull, in a URI sslmode=verify-full.", refusal.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Slowlane:Database"] = "Host=h" };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }
}
