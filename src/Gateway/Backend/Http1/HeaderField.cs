namespace FathomGateway.Backend.Http1;

/// <summary>One field line of a message (RFC 9110, section 5.1), as it was received.</summary>
/// <param name="Name">The field name in the sender's spelling.</param>
/// <param name="Value">The field value without surrounding whitespace; each character stands for one byte (ISO 8859-1).</param>
internal readonly record struct HeaderField(string Name, string Value);
