using System.Text.Json.Serialization;

namespace FathomGateway.Cli.Doctor;

/// <summary>Severity of a finding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DoctorStatus>))]
internal enum DoctorStatus
{
    /// <summary>No problem.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Works, but deserves a look.</summary>
    [JsonStringEnumMemberName("warn")]
    Warn,

    /// <summary>Needs a fix.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}
