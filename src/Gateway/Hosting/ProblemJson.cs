using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace FathomGateway.Hosting;

/// <summary>Problem details (RFC 9457) by generated code, with the types of the values that their extensions have.</summary>
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class ProblemJson : JsonSerializerContext;
