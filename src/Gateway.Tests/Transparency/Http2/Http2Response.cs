using System.Text;

namespace FathomGateway.Tests.Transparency.Http2;

/// <summary>What came back on a stream, until it ended.</summary>
internal sealed class Http2Response
{
    private readonly StringBuilder _body = new();

    public string Status => Fields.Where(pair => pair.Key == ":status").Select(pair => pair.Value).SingleOrDefault("none");

    /// <summary>Including <c>:status</c>.</summary>
    public List<KeyValuePair<string, string>> Fields { get; private set; } = [];

    public List<KeyValuePair<string, string>> Trailers { get; private set; } = [];

    public List<List<KeyValuePair<string, string>>> Interim { get; } = [];

    public string Body => _body.ToString();

    /// <summary>The error code by which the stream or the connection was ended, or null after an end in good order.</summary>
    public int? ResetBy { get; set; }

    public void AddBody(byte[] bytes) => _body.Append(Encoding.Latin1.GetString(bytes));

    public void AddFields(List<KeyValuePair<string, string>> fields)
    {
        if (Fields.Count > 0) Trailers = fields;
        else if (fields.Any(field => field is { Key: ":status", Value: ['1', ..] })) Interim.Add(fields);
        else Fields = fields;
    }
}
