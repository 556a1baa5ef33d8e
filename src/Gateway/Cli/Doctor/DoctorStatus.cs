using System.Text.Json.Serialization;

namespace FathomGateway.Cli.Doctor;

/// <summary>How bad it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DoctorStatus>))]
internal enum DoctorStatus
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Works, and deserves a look.</summary>
    [JsonStringEnumMemberName("warn")]
    Warn,

    /// <summary>Needs mending.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}
