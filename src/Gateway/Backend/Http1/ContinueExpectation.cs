namespace FathomGateway.Backend.Http1;

/// <summary>Decides when to send a body whose sender waits for a 100 (RFC 9110, section 10.1.1).</summary>
internal sealed class ContinueExpectation
{
    /// <summary>How long the body waits for a 100: curl's default. The RFC sets no time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<bool> _answer = new();

    /// <summary>The server has sent a 100.</summary>
    public void Confirm() => _answer.TrySetResult(true);

    /// <summary>The server has sent a final response without asking for the body.</summary>
    public void Withdraw() => _answer.TrySetResult(false);

    /// <returns>Whether to send the body: the server has asked for it or is silent.</returns>
    public async Task<bool> WaitAsync()
    {
        try
        {
            return await _answer.Task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }
}
