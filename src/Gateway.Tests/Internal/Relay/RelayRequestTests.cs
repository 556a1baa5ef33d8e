using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class RelayRequestTests(RelayStage stage) : IClassFixture<RelayStage>
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("?limit=1")]
    [InlineData("/meetings")]
    [InlineData("/meetings/")]
    [InlineData("/meetings?")]
    [InlineData("/meetings?teams%5B%5D=a&teams%5B%5D=b&teams[]=c")]
    [InlineData("/meetings?cursor=a+b%2Fc%3D%zz&x='\"<>|{}`^")]
    [InlineData("/meetings?next=../../other&up=%2e%2e")]
    [InlineData("/recordings/12%2F3/summary")]
    [InlineData("//recordings//1")]
    [InlineData("/%e2%82%AC/%7Euser/a;b=c,d")]
    [InlineData("/..x/x../...")]
    [InlineData("/four%25252525deep")]
    public async Task A_relayed_target_reaches_the_API_byte_for_byte_below_its_base(string path)
    {
        await stage.RelayAsync(await stage.UserAsync(), ScriptedApi.Empty, path: path);

        Assert.Equal($"GET /external/v1{path} HTTP/1.1", stage.Api.Requests[^1].Head.StartLine);
    }

    [Theory]
    [InlineData("/../admin")]
    [InlineData("/..")]
    [InlineData("/.")]
    [InlineData("/a/../../admin")]
    [InlineData("/%2e%2e/admin")]
    [InlineData("/.%2E/admin")]
    [InlineData("/a/..%2f..%2fadmin")]
    [InlineData("/..%5cadmin")]
    [InlineData("/..\\admin")]
    [InlineData("/%252e%252e/admin")]
    [InlineData("/%25252e%25252e%25252fadmin")]
    [InlineData("/..;x=1/admin")]
    [InlineData("/..%3Fx")]
    [InlineData("/..%23")]
    [InlineData("/a/..%253Fx")]
    [InlineData("/.%09./admin")]
    [InlineData("/.%0a./admin")]
    [InlineData("/%20../admin")]
    [InlineData("/%2525252525252525meetings")]
    public async Task A_relay_path_that_would_leave_the_APIs_base_is_refused(string path)
    {
        var before = stage.Api.Requests.Count;

        var answer = await stage.RelayAsync(await stage.UserAsync(), ScriptedApi.Empty, path: path);

        Assert.Equal(400, answer.Status);
        Assert.Equal(before, stage.Api.Requests.Count);
    }

    [Fact]
    public async Task The_users_token_replaces_all_credentials_of_the_relays_caller()
    {
        var user = await stage.UserAsync();

        await stage.RelayAsync(user, ScriptedApi.Empty, more:
            "X-Api-Key: key\r\nCookie: a=b\r\nX-Forwarded-For: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\nX-Own: kept\r\n"
                + "Accept-Encoding: gzip\r\nUser-Agent: sdk\r\n");

        var received = stage.Api.Requests[^1].Head;
        Assert.Equal($"Bearer {await stage.Stage.AccessTokenAsync(user)}", received.Value("Authorization"));
        Assert.Equal(
            ["Accept-Encoding", "Authorization", "Host", "User-Agent", "X-Own"],
            received.Fields.Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(new Uri(stage.Api.BaseUrl).Authority, received.Value("Host"));
        Assert.Equal("kept", received.Value("X-Own"));
    }

    [Fact]
    public async Task No_other_spelling_of_a_stripped_field_reaches_the_API()
    {
        var user = await stage.UserAsync();

        await stage.RelayAsync(user, ScriptedApi.Empty, more:
            "X_Api_Key: key\r\nx-api_key: key\r\nX.Api.Key: key\r\nX_Forwarded_For: 10.0.0.1\r\nX_Forwarded_User: a\r\n"
            + "X-Forwarded-User: a\r\nX_Real_IP: 10.0.0.1\r\nCF-Connecting-IP: 10.0.0.1\r\nTrue_Client_IP: 10.0.0.1\r\n"
            + "User-Agent: sdk\r\nX-Apikey: kept\r\nXX_Api_Key: kept\r\n");

        var received = stage.Api.Requests[^1].Head;
        string[] kept = ["Authorization", "Host", "User-Agent", "X-Apikey", "XX_Api_Key"];
        Assert.Equal(kept, received.Fields.Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("Delete")]
    [InlineData("PROPFIND")]
    [InlineData("query")]
    public async Task A_relayed_method_reaches_the_API_to_the_letter(string method)
    {
        await stage.RelayAsync(await stage.UserAsync(), ScriptedApi.Empty, method, more: "Content-Length: 0\r\n");

        Assert.Equal(method, stage.Api.Requests[^1].Head.Method);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    public async Task A_relayed_method_is_described_and_reaches_the_API(string method)
    {
        var user = await stage.UserAsync();
        stage.Answer = _ => Task.FromResult(ScriptedApi.Empty);

        using var answer = await stage.Gateway.InternalAsync(new HttpMethod(method), $"connections/{user}/fathom/meetings");

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(method, stage.Api.Requests[^1].Head.Method);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_relayed_request_keeps_its_method_and_body(string method)
    {
        var user = await stage.UserAsync();

        await stage.RelayAsync(
            user, ScriptedApi.Empty, method, "/webhooks", "Content-Type: application/json\r\nContent-Length: 7\r\n", "{\"a\":1}");

        var received = stage.Api.Requests[^1];
        Assert.Equal(method, received.Head.Method);
        Assert.Equal("{\"a\":1}", received.BodyText);
        Assert.Equal("application/json", received.Header("Content-Type"));
        Assert.Equal("7", received.Header("Content-Length"));
    }

    [Fact]
    public async Task A_relayed_body_without_a_length_is_streamed()
    {
        var user = await stage.UserAsync();

        await stage.RelayAsync(
            user, ScriptedApi.Empty, "POST", "/webhooks", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");

        Assert.Equal("abcdef", stage.Api.Requests[^1].BodyText);
        Assert.Equal("chunked", stage.Api.Requests[^1].Header("Transfer-Encoding"));
    }
}
