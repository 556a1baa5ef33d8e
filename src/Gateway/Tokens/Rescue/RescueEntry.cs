namespace FathomGateway.Tokens.Rescue;

/// <summary>What lies under a key in Redis.</summary>
/// <param name="Text">As it was read, to be deleted only as long as it is that; null where nothing lies there any more.</param>
/// <param name="Tokens">Null where nothing lies there, or no key of the ring opens it.</param>
internal sealed record RescueEntry(string Key, string? Text, RescuedTokens? Tokens);
