using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend.Messages;

/// <summary>One message and its response over one connection. The response's body owns the connection from the final head on.</summary>
internal sealed class MessageExchange(HttpRequestMessage request, BackendConnection connection)
{
    private readonly OutputBuffer _output = new();

    public async Task<HttpResponseMessage> SendAsync(CancellationToken cancel)
    {
        connection.Begin();
        // Ends what waits; reading the response's body is cancelled by who reads it.
        using var cancelled = cancel.UnsafeRegister(static connection => ((BackendConnection)connection!).Abort(), connection);
        ContinueExpectation? expectation = null;
        RequestBodyStream? body = null;
        MessageHead.Write(request, connection.Pool.Address, _output);
        if (request.Content is { Headers.ContentLength: not 0 } content)
        {
            if (request.Headers.ExpectContinue == true) expectation = new ContinueExpectation();
            body = new RequestBodyStream(connection, _output, isChunked: content.Headers.ContentLength is null);
            _ = SendBodyAsync(content, body, expectation, cancel);
        }
        else
        {
            await connection.WriteAsync(_output.Written);
            _output.Release();
        }

        await connection.ReadHeadAsync(MessageHead.IsUpgrade(request), expectation);
        expectation?.Withdraw();
        connection.IsAuthenticated |= MessageHead.HasConnectionAuthentication(request);
        return MessageHead.CreateResponse(request, connection, () => EndSending(body));
    }

    private async Task SendBodyAsync(HttpContent content, RequestBodyStream body, ContinueExpectation? expectation, CancellationToken cancel)
    {
        try
        {
            // The head goes at once, before the first piece of the body is there.
            await body.FlushAsync(cancel);
            if (expectation is not null && !await expectation.WaitAsync()) return;
            await content.CopyToAsync(body, cancel);
            await body.EndAsync();
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or HttpRequestException or InvalidOperationException)
        {
            // Whoever gave the content knows why it failed. The server must not take what it has for the whole.
            connection.Abort();
        }
        finally
        {
            _output.Release();
        }
    }

    /// <summary>Called when the response has ended. Whether all of the request is sent; otherwise what is still given is dropped.</summary>
    private static bool EndSending(RequestBodyStream? body)
    {
        if (body is null or { IsComplete: true }) return true;
        body.IsDropped = true;
        return false;
    }
}
