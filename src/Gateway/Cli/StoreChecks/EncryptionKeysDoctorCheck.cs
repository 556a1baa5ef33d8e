using System.Globalization;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Schema;
using FathomGateway.Users;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>Checks for <c>gateway doctor</c> that the configured keys decrypt every stored token.</summary>
internal sealed class EncryptionKeysDoctorCheck(SchemaReadiness schema, ConnectionStore store, TokenCipher cipher) : IHealthCheck
{
    private const int PageSize = 200;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (rows, unreadable, after) = (0, 0, "");
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            await schema.EnsureAsync(SchemaReadiness.OperatorTimeout, cancellationToken);
            while (await store.PageAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var row in page)
                {
                    var closed = row.Tokens.Where(one => !Opens(row, one.Column, one.Token)).ToArray();
                    if (closed.Length > 0) unreadable++;
                    foreach (var (_, token) in closed) missing.Add(token.Kid ?? "?");
                }

                rows += page.Count;
                after = page[^1].User;
            }
        }
        catch (ConnectionStoreUnavailableException)
        {
            return HealthCheckResult.Degraded("Not known while the database cannot be used.");
        }

        return unreadable == 0
            ? HealthCheckResult.Healthy(string.Create(CultureInfo.InvariantCulture, $"All {rows} stored connections open."))
            : HealthCheckResult.Unhealthy(
                $"{unreadable} of {rows} stored connections open with no key that is set; they name {string.Join(", ", missing)}: add "
                    + "that key to TOKEN_ENCRYPTION_KEYS again, or these users connect again.");
    }

    private bool Opens(SealedRow row, TokenColumn column, SealedToken token) =>
        cipher.Open(token, UserId.OfStored(row.User), column) is not null;
}
