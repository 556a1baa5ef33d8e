using System.Net;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A request that reached the token endpoint, its form fields and client credentials taken apart (RFC 6749 sections 2.3.1 and 4.1.3).
/// </summary>
internal sealed record TokenRequest(string Method, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The form fields; one that was sent twice fails the test here, as RFC 6749 section 3.2 forbids it.</summary>
    public IReadOnlyDictionary<string, string> Form { get; } = Body
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Split('=', 2))
        .ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => pair.Length > 1 ? WebUtility.UrlDecode(pair[1]) : "");

    public string GrantType => Field("grant_type");

    public string Code => Field("code");

    public string RefreshToken => Field("refresh_token");

    /// <summary>The value of a form field, empty where it is absent.</summary>
    public string Field(string name) => Form.GetValueOrDefault(name, "");

    /// <summary>User and password of <c>Authorization: Basic</c>, still form-encoded as the RFC asks; null where there is none.</summary>
    public (string User, string Password)? BasicCredentials
    {
        get
        {
            if (Headers.GetValueOrDefault("Authorization") is not { } value || !value.StartsWith("Basic ", StringComparison.Ordinal))
            {
                return null;
            }

            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(value["Basic ".Length..])).Split(':', 2);
            return (pair[0], pair[1]);
        }
    }
}
