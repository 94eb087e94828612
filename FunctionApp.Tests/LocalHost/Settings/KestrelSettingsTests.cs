using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Settings;

[Trait("Category", "Fast")]
public sealed class KestrelSettingsTests
{
    [Theory]
    [InlineData("Kestrel:Endpoints:Http:Url", "Kestrel__Endpoints__Http__Url")]
    [InlineData("ASPNETCORE_Kestrel:EndpointDefaults:Protocols", "ASPNETCORE_Kestrel__EndpointDefaults__Protocols")]
    [InlineData("dotnet_kestrel:Certificates:Default:Password", "dotnet_kestrel__Certificates__Default__Password")]
    [InlineData("AZURE_FUNCTIONS_Kestrel:Limits:MaxRequestBodySize", "AZURE_FUNCTIONS_Kestrel__Limits__MaxRequestBodySize")]
    public void Setting_OfTheWorkersServers_IsRefusedByItsNameInTheEnvironment(string name, string said)
        => Assert.StartsWith($"The setting {said} would have the workers' HTTP servers listen elsewhere", Assert.Throws<CannotStartException>(() => KestrelSettings.Refuse(["Logging:LogLevel", name])).Message, StringComparison.Ordinal);

    [Fact]
    public void Settings_ThatOnlyResembleThem_AreTaken() => Assert.Null(Record.Exception(() => KestrelSettings.Refuse(["Kestrels:A", "My:Kestrel:B", "Kestrel"])));
}
