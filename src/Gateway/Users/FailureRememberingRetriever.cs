using Microsoft.IdentityModel.Protocols;

namespace FathomGateway.Users;

/// <summary>Fetches keys, and after a failure fails at once for a while: the key cache asks one request after the other, and each would wait for the same nothing.</summary>
internal sealed class FailureRememberingRetriever(IDocumentRetriever inner, TimeProvider time) : IDocumentRetriever
{
    /// <summary>Short against a user's patience, long against the number of requests in it.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(3);

    private volatile Failure? _last;

    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < Memory) throw new IOException("Fetching keys has just failed.", last.Reason);
        try
        {
            var document = await inner.GetDocumentAsync(address, cancel);
            _last = null;
            return document;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            _last = new Failure(time.GetTimestamp(), failure);
            throw;
        }
    }

    private sealed record Failure(long At, Exception Reason);
}
