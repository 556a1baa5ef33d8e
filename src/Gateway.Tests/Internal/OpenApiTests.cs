using System.Net;
using FathomGateway.Tests.Connect;
using Microsoft.OpenApi;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class OpenApiTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task The_OpenAPI_document_is_valid_and_needs_no_key()
    {
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, "openapi.json", key: null);
        var (document, diagnostic) = OpenApiDescription.Read(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        Assert.Contains("/connections/{userId}/access-token", document!.Paths.Keys);
    }

    [Theory]
    [InlineData("openapi.json", "GET, HEAD")]
    [InlineData("connections/u/access-token", "GET, HEAD")]
    [InlineData("connections/u", "GET, HEAD, DELETE")]
    [InlineData("connections", "GET, HEAD")]
    [InlineData("events", "GET, HEAD")]
    public async Task An_internal_route_refuses_other_methods_and_names_those_allowed(string target, string allowed)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Options, new HttpMethod("PROPFIND") })
        {
            using var response = await stage.Gateway.InternalAsync(method, target);

            await InternalCalls.IsProblemAsync(response, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
            Assert.Equal(allowed.Split(", ").Order(), response.Content.Headers.Allow.Order());
        }
    }

    [Theory]
    [InlineData("connections/u/other")]
    [InlineData("events/other")]
    [InlineData("events/a/b/redeliver")]
    [InlineData("connections/u/access-token/more")]
    [InlineData("connections/u/fathomless")]
    public async Task An_unknown_internal_route_is_a_404_problem(string target)
    {
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, target);

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.NotFound, "no_such_route");
    }

    [Theory]
    [InlineData("openapi.json", 200)]
    [InlineData("health/live", 200)]
    [InlineData("health/ready", 200)]
    [InlineData("connections", 401)]
    [InlineData("events", 401)]
    [InlineData("connection", 404)]
    [InlineData("", 404)]
    public async Task Internal_routes_without_user_data_need_no_key_and_all_others_do(string target, int status)
    {
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, target, key: null);

        Assert.Equal(status, (int)response.StatusCode);
    }
}
