using System.Collections.Frozen;

namespace FathomGateway.Users.SigningKeys;

/// <summary>Secrets that stand in tutorials and word lists: whoever guesses JWTs begins with these, so they are none, whatever their length.</summary>
internal static class CommonSecrets
{
    private static readonly FrozenSet<string> Known = new[]
    {
        "secret", "secretkey", "mysecret", "mysecretkey", "topsecret", "supersecret", "supersecretkey", "verysecret", "thisisasecret", "thisismysecret", "jwtsecret", "jwtsecretkey", "jwtkey",
        "yoursecret", "yoursecretkey", "yourjwtsecret", "yourjwtsecretkey", "your256bitsecret", "your384bitsecret", "your512bitsecret", "yoursupersecretkey", "mysupersecretkey",
        "astringsecretatleast256bitslong", "asecretkeythatisatleast32characterslong", "tokensecret", "accesstokensecret", "privatekey", "sharedsecret", "signingkey", "appsecret",
        "changeme", "changeit", "changethis", "changemeplease", "changemeinproduction", "replaceme", "placeholder", "default", "example", "test", "testing", "development", "dev",
        "password", "passw0rd", "password1", "password123", "letmein", "qwerty", "qwerty123", "admin", "root", "key", "token", "jwt", "keyboardcat", "foobar", "foo", "bar", "none", "null", "undefined",
        "123456", "12345678", "123456789", "1234567890", "0123456789", "abc123", "abcdef", "12345678901234567890123456789012", "abcdefghijklmnopqrstuvwxyz123456",
    }.ToFrozenSet();

    /// <summary>Case and punctuation make no difference, nor does one letter repeated, nor an <c>h</c> more or less in <c>shhhhh</c>.</summary>
    public static bool Contain(string secret)
    {
        var bare = new string([.. secret.Where(char.IsLetterOrDigit)]).ToLowerInvariant();
        return Known.Contains(bare) || secret.Distinct().Count() <= 1 || (bare.Length > 0 && bare[0] == 's' && bare.AsSpan(1).IndexOfAnyExcept('h') < 0);
    }
}
