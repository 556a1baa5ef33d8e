using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A span as a collector is sent it: protobuf, of which only the fields looked at are read (opentelemetry/proto/trace/v1/trace.proto).
/// </summary>
internal sealed record OtlpSpan(string TraceId, string SpanId, string ParentId, string Name, string Source, string Attributes)
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    /// <param name="export">The body of one export: resource spans, of which each holds scope spans, of which each holds its scope and its
    /// spans.</param>
    public static IEnumerable<OtlpSpan> ReadAll(byte[] export) =>
        from resource in Fields(export, 1)
        from scope in Fields(resource, 2)
        let source = Text(Fields(Fields(scope, 1).FirstOrDefault(), 1))
        from span in Fields(scope, 2)
        select new OtlpSpan(
            Hex(Fields(span, 1)), Hex(Fields(span, 2)), Hex(Fields(span, 4)), Text(Fields(span, 5)), source,
            string.Join('\n', Fields(span, 9).Select(Encoding.UTF8.GetString)));

    private static string Hex(IEnumerable<byte[]> values) => Convert.ToHexStringLower(values.FirstOrDefault() ?? []);

    private static string Text(IEnumerable<byte[]> values) => Encoding.UTF8.GetString(values.FirstOrDefault() ?? []);

    /// <summary>The values of one field that has a length.</summary>
    private static List<byte[]> Fields(byte[]? message, int wanted)
    {
        var (found, at) = (new List<byte[]>(), 0);
        while (at < (message?.Length ?? 0))
        {
            var tag = (int)Number(message!, ref at);
            var length = (tag & 7) switch
            {
                Varint => Skip(message!, ref at),
                Fixed64 => 8,
                Bytes => (int)Number(message!, ref at),
                Fixed32 => 4,
                var other => throw new InvalidDataException($"wire type {other}"),
            };
            if (tag >> 3 == wanted && (tag & 7) == Bytes) found.Add(message![at..(at + length)]);
            at += length;
        }

        return found;
    }

    private static int Skip(byte[] message, ref int at)
    {
        Number(message, ref at);
        return 0;
    }

    private static ulong Number(byte[] message, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = message[at++];
            number |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80) return number;
        }
    }
}
