using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A whole HTTP/1.1 message: its head, its body without framing, and its body as it stood on the wire (chunk sizes, trailers and all).
/// </summary>
internal sealed record WireMessage(WireHead Head, byte[] Body, byte[] RawBody)
{
    public string BodyText => Encoding.UTF8.GetString(Body);

    public string RawBodyText => Encoding.Latin1.GetString(RawBody);

    public int Status => Head.Status;

    public string? Header(string name) => Head.Value(name);
}
