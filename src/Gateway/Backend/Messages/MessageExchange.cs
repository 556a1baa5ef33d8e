using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend.Messages;

/// <summary>One message and its response over one connection. After the final head, the response's body owns the connection.</summary>
internal sealed class MessageExchange(HttpRequestMessage request, BackendConnection connection)
{
    private readonly OutputBuffer _output = new();

    public async Task<HttpResponseMessage> SendAsync(CancellationToken cancel)
    {
        connection.Begin();
        // Ends pending operations. The reader of the response's body has its own cancellation.
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
            try
            {
                await connection.WriteAsync(_output.Written);
            }
            finally
            {
                _output.Release();
            }
        }

        await connection.ReadHeadAsync(MessageHead.IsUpgrade(request), expectation);
        expectation?.Withdraw();
        connection.IsAuthenticated |= MessageHead.HasConnectionAuthentication(request);
        return MessageHead.CreateResponse(request, connection, () => EndSending(body));
    }

    private async Task SendBodyAsync(
        HttpContent content, RequestBodyStream body, ContinueExpectation? expectation, CancellationToken cancel)
    {
        try
        {
            // Send the head before the first part of the body is available.
            await body.FlushAsync(cancel);
            if (expectation is not null && !await expectation.WaitAsync()) return;
            await content.CopyToAsync(body, cancel);
            await body.EndAsync();
        }
        catch (Exception failure) when (
            failure is IOException or OperationCanceledException or HttpRequestException or InvalidOperationException)
        {
            // The owner of the content knows why it failed. The server must not take a partial body for a complete one.
            connection.Abort();
        }
        finally
        {
            _output.Release();
        }
    }

    /// <summary>
    /// Called when the response has ended. Returns whether the whole request was sent; otherwise what remains of it is dropped.
    /// </summary>
    private static bool EndSending(RequestBodyStream? body)
    {
        if (body is null or { IsComplete: true }) return true;
        body.IsDropped = true;
        return false;
    }
}
