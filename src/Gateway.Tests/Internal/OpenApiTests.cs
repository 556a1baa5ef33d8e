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

    [Fact]
    public async Task The_OpenAPI_document_has_each_standard_method_of_the_relay()
    {
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, "openapi.json", key: null);
        var (document, _) = OpenApiDescription.Read(await response.Content.ReadAsStringAsync());

        Assert.Equal(
            ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
            document!.Paths["/connections/{userId}/fathom/{path}"].Operations!.Keys.Select(method => method.Method).Order());
    }

    /// <summary>The relay passes on the provider's statuses, so a client must not expect the gateway's problem with any of them.</summary>
    [Fact]
    public async Task The_OpenAPI_document_says_that_each_status_of_the_relay_may_be_the_providers()
    {
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, "openapi.json", key: null);
        var (document, _) = OpenApiDescription.Read(await response.Content.ReadAsStringAsync());

        var operations = document!.Paths["/connections/{userId}/fathom/{path}"].Operations!.Values;
        Assert.All(operations.SelectMany(operation => operation.Responses!), answer => Assert.True(
            answer.Value.Content is not { Count: > 0 } content || content.ContainsKey("*/*"), answer.Key));
    }

    [Theory]
    [InlineData("health/live", "GET, HEAD")]
    [InlineData("health/ready", "GET, HEAD")]
    [InlineData("metrics", "GET, HEAD")]
    [InlineData("openapi.json", "GET, HEAD")]
    [InlineData("connections/u/access-token", "GET, HEAD")]
    [InlineData("connections/u", "GET, HEAD, DELETE")]
    [InlineData("connections", "GET, HEAD")]
    [InlineData("events", "GET, HEAD")]
    [InlineData("events/evt_1_00000000/redeliver", "POST")]
    public async Task An_internal_route_refuses_other_methods_and_names_those_allowed(string target, string allowed)
    {
        string[] methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"], names = allowed.Split(", ");
        foreach (var method in methods.Except(names))
        {
            using var response = await stage.Gateway.InternalAsync(new HttpMethod(method), target);

            await InternalCalls.IsProblemAsync(response, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
            Assert.Equal(names.Order(), response.Content.Headers.Allow.Order());
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
    [InlineData("metrics", 200)]
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
