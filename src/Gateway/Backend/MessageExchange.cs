namespace FathomGateway.Backend;

/// <summary>One message and its response over one connection. The response's body owns the connection from the final head on.</summary>
internal sealed class MessageExchange(HttpRequestMessage request, BackendConnection connection)
{
    private readonly OutputBuffer _output = new();
    private MessageBodyStream? _body;
    private Task _sending = Task.CompletedTask;

    public async Task<HttpResponseMessage> SendAsync(CancellationToken cancel)
    {
        connection.Begin();
        // Ends what waits; reading the response's body is cancelled by who reads it.
        using var cancelled = cancel.UnsafeRegister(static connection => ((BackendConnection)connection!).Abort(), connection);
        ContinueExpectation? expectation = null;
        MessageHead.Write(request, connection.Pool.Address, _output);
        if (request.Content is { Headers.ContentLength: not 0 } content)
        {
            if (request.Headers.ExpectContinue == true) expectation = new ContinueExpectation();
            _body = new MessageBodyStream(connection, _output, isChunked: content.Headers.ContentLength is null);
            _sending = SendBodyAsync(content, expectation, cancel);
        }
        else
        {
            await connection.WriteAsync(_output.Written);
            _output.Release();
        }

        await connection.ReadHeadAsync(MessageHead.IsUpgrade(request), expectation);
        expectation?.Withdraw();
        connection.IsAuthenticated |= connection.Head.HasConnectionAuthentication || MessageHead.HasConnectionAuthentication(request);
        return MessageHead.CreateResponse(request, connection, EndSending);
    }

    private async Task SendBodyAsync(HttpContent content, ContinueExpectation? expectation, CancellationToken cancel)
    {
        try
        {
            // The head goes at once, before the first piece of the body is there.
            await _body!.FlushAsync(cancel);
            if (expectation is not null && !await expectation.WaitAsync()) return;
            await content.CopyToAsync(_body, cancel);
            await _body.EndAsync();
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
    private bool EndSending()
    {
        if (_body is null || _body.IsComplete) return true;
        _body.IsDropped = true;
        return false;
    }
}
