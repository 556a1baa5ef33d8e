using FathomGateway.Connect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class ExceptionHandlerTests
{
    private readonly DefaultHttpContext _context = new() { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };

    [Fact]
    public async Task An_unforeseen_exception_is_a_503_that_does_not_repeat_its_message()
    {
        _context.Response.Body = new MemoryStream();

        await HandleAsync(new InvalidOperationException("a secret"));

        Assert.Equal(
            (503, "application/problem+json", "5"),
            (_context.Response.StatusCode, _context.Response.ContentType, $"{_context.Response.Headers.RetryAfter}"));
        _context.Response.Body.Position = 0;
        using var reader = new StreamReader(_context.Response.Body);
        Assert.DoesNotContain("a secret", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public Task A_bad_request_exception_is_left_to_the_server() =>
        Assert.ThrowsAsync<BadHttpRequestException>(() => HandleAsync(new BadHttpRequestException("broken")));

    [Fact]
    public Task A_request_that_the_client_aborted_is_not_answered()
    {
        _context.RequestAborted = new CancellationToken(canceled: true);
        return Assert.ThrowsAsync<OperationCanceledException>(() => HandleAsync(new OperationCanceledException()));
    }

    private Task HandleAsync(Exception failure) =>
        ExceptionHandler.HandleAsync(_context, _ => throw failure, ConnectEndpoint.Path, NullLogger.Instance);
}
