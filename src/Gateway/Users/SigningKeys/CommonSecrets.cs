using System.Collections.Frozen;

namespace FathomGateway.Users.SigningKeys;

/// <summary>Secrets from tutorials and word lists. Attackers try these first, so they are refused at any length.</summary>
internal static class CommonSecrets
{
    private static readonly FrozenSet<string> Known = new[]
    {
        "secret", "secretkey", "mysecret", "mysecretkey", "topsecret", "supersecret", "supersecretkey", "verysecret", "thisisasecret",
        "thisismysecret", "jwtsecret", "jwtsecretkey", "jwtkey",
        "yoursecret", "yoursecretkey", "yourjwtsecret", "yourjwtsecretkey", "your256bitsecret", "your384bitsecret", "your512bitsecret",
        "yoursupersecretkey", "mysupersecretkey",
        "astringsecretatleast256bitslong", "asecretkeythatisatleast32characterslong", "tokensecret", "accesstokensecret", "privatekey",
        "sharedsecret", "signingkey", "appsecret",
        "changeme", "changeit", "changethis", "changemeplease", "changemeinproduction", "replaceme", "placeholder", "default", "example",
        "test", "testing", "development", "dev",
        "password", "passw0rd", "password1", "password123", "letmein", "qwerty", "qwerty123", "admin", "root", "key", "token", "jwt",
        "keyboardcat", "foobar", "foo", "bar", "none", "null", "undefined",
        "123456", "12345678", "123456789", "1234567890", "0123456789", "abc123", "abcdef", "12345678901234567890123456789012",
        "abcdefghijklmnopqrstuvwxyz123456",
    }.ToFrozenSet();

    /// <summary>Ignores case and punctuation, and also finds one repeated letter and <c>shhhhh</c> with any number of <c>h</c>.</summary>
    public static bool Contains(string secret)
    {
        var bare = new string([.. secret.Where(char.IsLetterOrDigit)]).ToLowerInvariant();
        var isHush = bare.Length > 0 && bare[0] == 's' && bare.AsSpan(1).IndexOfAnyExcept('h') < 0;
        return Known.Contains(bare) || secret.Distinct().Count() <= 1 || isHush;
    }
}
