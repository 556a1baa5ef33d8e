using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class UserVerificationTests : IAsyncLifetime
{
    private readonly RecordingBackend _me = RecordingBackend.Start();
    private Stage _stage = null!;

    [Theory]
    [InlineData("200 OK", HttpStatusCode.OK)]
    [InlineData("204 No Content", HttpStatusCode.OK)]
    [InlineData("401 Unauthorized", HttpStatusCode.Unauthorized)]
    [InlineData("403 Forbidden", HttpStatusCode.Unauthorized)]
    [InlineData("404 Not Found", HttpStatusCode.Unauthorized)]
    [InlineData("302 Found", HttpStatusCode.ServiceUnavailable)]
    [InlineData("500 Internal Server Error", HttpStatusCode.ServiceUnavailable)]
    public async Task The_response_of_VERIFY_USER_URL_decides_whether_a_user_is_accepted_T22(string status, HttpStatusCode expected)
    {
        _me.Answers($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nLocation: /elsewhere\r\n\r\n");
        var token = Jwt.For(Fresh.User());

        using var response = await _stage.ConnectAsync(token);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal($"Bearer {token}", _me.Request.Header("Authorization"));
        Assert.Equal("/api/me", _me.Request.Head.Target);
    }

    [Fact]
    public async Task A_backend_that_is_down_signs_no_user_out_T22()
    {
        _me.Answers((_, exchange) =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });

        using var response = await _stage.ConnectAsync(Jwt.For(Fresh.User()));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Refusal.AsksToRetry(response);
    }

    [Fact]
    public async Task An_invalid_JWT_is_not_sent_to_the_user_check_T22()
    {
        using var response = await _stage.ConnectAsync(Jwt.For(Fresh.User(), secret: new string('x', 40)));

        await Refusal.IsUnauthorizedAsync(response);
        Assert.Empty(_me.Requests);
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("VERIFY_USER_URL", $"{_me.Address}api/me"));

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _me.DisposeAsync();
    }
}
