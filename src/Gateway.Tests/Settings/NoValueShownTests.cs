using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>No part of a setting's value stands in any message, however the value is malformed.</summary>
[Trait("Speed", "Exhaustive")]
public sealed class NoValueShownTests
{
    /// <summary>Those that the framework and the libraries read themselves.</summary>
    private static readonly string[] OfOthers =
    [
        "Logging:LogLevel:Default", "Logging:Console:FormatterName", "Logging:Console:FormatterOptions:UseUtcTimestamp",
        "Kestrel:Endpoints:X:Url",
        "Kestrel:Endpoints:X:Certificate:Path", "Kestrel:Certificates:Default:Password",
        "ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout",
        "ReverseProxy:Clusters:backend:Destinations:render:Address", "ReverseProxy:Routes:everything-else:ClusterId",
        "ReverseProxy:Routes:everything-else:Match:Path",
        "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_RESOURCE_ATTRIBUTES",
        "FATHOM_PROVDER",
    ];

    public static TheoryData<string> Names() => [.. SettingsMessages.Of().Report.Settings
        .Select(one => one.Name)
        .Where(name => !name.StartsWith("DOTNET_SYSTEM", StringComparison.Ordinal))
        .Concat(OfOthers)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_part_of_a_settings_value_is_shown_by_start_and_doctor(string name)
    {
        foreach (var shape in MarkedSettingValue.Shapes(name))
        {
            var told = SettingsMessages.Of((name, shape));
            Assert.True(MarkedSettingValue.In(told.Message) is null, $"{name}={shape}: {told.Message}");
            Assert.True(MarkedSettingValue.In(told.Printed()) is null, $"{name}={shape}: {told.Printed()}");
        }
    }
}
