using System.Text.Json.Serialization;
using FathomGateway.Cli.Doctor;
using FathomGateway.Events.Outbox;
using FathomGateway.Tokens;

namespace FathomGateway.Cli.Output;

/// <summary>What commands print with <c>--json</c>: members in <c>snake_case</c>, by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ShownConnection))]
[JsonSerializable(typeof(ListedEvent))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>The same over several lines, for reports that people read, too.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DoctorReport.Contents), TypeInfoPropertyName = "DoctorReportContents")]
[JsonSerializable(typeof(DoctorJwtReport.Contents), TypeInfoPropertyName = "JwtReportContents")]
internal sealed partial class ReportJson : JsonSerializerContext;
