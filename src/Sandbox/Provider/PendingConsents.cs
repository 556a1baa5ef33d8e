using System.Collections.Concurrent;
using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Provider;

/// <summary>Authorization requests that wait for a person's answer, each under a ticket that the consent form carries.</summary>
internal sealed class PendingConsents(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30); // Long enough for a break, short enough to keep memory small.

    private readonly ConcurrentDictionary<string, Consent> _consents = new();

    /// <summary>Keeps a request and returns its ticket.</summary>
    public string Hold(AuthorizationRequest request)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, consent) in _consents)
            if (consent.Expires <= now)
                _consents.TryRemove(old, out _);

        var ticket = Secret.New();
        _consents[ticket] = new Consent(request, now + Lifetime);
        return ticket;
    }

    /// <summary>
    /// The address to send the browser to. The first answer counts: a double click on Allow repeats it instead of showing an error.
    /// Null when the ticket is unknown or too old.
    /// </summary>
    public string? Answer(string ticket, Func<AuthorizationRequest, string> decide) =>
        _consents.TryGetValue(ticket, out var consent) && consent.Expires > clock.GetUtcNow() ? consent.Answer(decide) : null;

    private sealed class Consent(AuthorizationRequest request, DateTimeOffset expires)
    {
        private readonly Lock _lock = new();
        private string? _location;

        public DateTimeOffset Expires { get; } = expires;

        public string Answer(Func<AuthorizationRequest, string> decide)
        {
            lock (_lock)
                return _location ??= decide(request);
        }
    }
}
