using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Calls of the backend to the internal listener.</summary>
internal static class InternalCalls
{
    /// <summary>Sends the API key along, or another one, or none; the answer has to be one that the OpenAPI document knows.</summary>
    public static Task<HttpResponseMessage> InternalAsync(
        this GatewayUnderTest gateway, HttpMethod method, string target, string? key = TestSettings.InternalApiKey) =>
        AskAsync(gateway.InternalClient, method, target, key);

    /// <inheritdoc cref="InternalAsync(GatewayUnderTest, HttpMethod, string, string)"/>
    public static Task<HttpResponseMessage> InternalAsync(this GatewayProcess gateway, HttpMethod method, string target) =>
        AskAsync(gateway.InternalClient, method, target, TestSettings.InternalApiKey);

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, HttpMethod method, string target, string? key)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        var response = await client.SendAsync(request);
        OpenApiDescription.Describes(method, target, (int)response.StatusCode);
        return response;
    }

    public static async Task<JsonElement> JsonAsync(this GatewayUnderTest gateway, HttpMethod method, string target)
    {
        using var response = await gateway.InternalAsync(method, target);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    public static Task<JsonElement> TokenAsync(this GatewayUnderTest gateway, string userId, string query = "") =>
        gateway.JsonAsync(HttpMethod.Get, $"connections/{Uri.EscapeDataString(userId)}/access-token{query}");

    /// <summary>To the byte as it stands; the API key is sent along.</summary>
    public static Task<WireMessage> RawAsync(
        this GatewayUnderTest gateway, string method, string target, string more = "", string body = "") => RawClient.ExchangeAsync(
        gateway.Internal,
        $"{method} {target} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\nConnection: close\r\n{more}\r\n"
            + $"{body}");

    /// <summary>Every byte of the id as <c>%XX</c>: the one unambiguous spelling.</summary>
    public static string EveryByteEncoded(string userId) => string.Concat(Encoding.UTF8.GetBytes(userId).Select(one => $"%{one:X2}"));

    /// <summary>A problem whose member <c>error</c> has this word.</summary>
    public static async Task<JsonElement> IsProblemAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        await Refusal.IsProblemAsync(response);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(error, problem.GetProperty("error").GetString());
        return problem;
    }
}
