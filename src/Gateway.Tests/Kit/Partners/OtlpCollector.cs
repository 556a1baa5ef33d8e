using System.Collections.Concurrent;
using System.Text;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace FathomGateway.Tests.Kit;

/// <summary>An OpenTelemetry collector that keeps what it is sent (OTLP over HTTP, protobuf: texts stand in it as they are).</summary>
internal sealed class OtlpCollector : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly ConcurrentQueue<byte[]> _traces = [];

    private OtlpCollector() => _server
        .Given(Request.Create().WithPath("/v1/*"))
        .RespondWith(Response.Create().WithCallback(Keep));

    /// <summary>The settings that make a gateway report here, often enough for a test.</summary>
    public (string Name, string? Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _server.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];

    /// <summary>All spans so far, as the bytes that arrived.</summary>
    public string Traces => string.Concat(_traces.Select(Encoding.Latin1.GetString));

    public IReadOnlyList<OtlpSpan> Spans => [.. _traces.SelectMany(OtlpSpan.ReadAll)];

    public static OtlpCollector Start() => new();

    public void Dispose() => _server.Dispose();

    private ResponseMessage Keep(IRequestMessage request)
    {
        if (request.Path == "/v1/traces") _traces.Enqueue(request.BodyAsBytes ?? []);
        return new ResponseMessage { StatusCode = 200 };
    }
}
