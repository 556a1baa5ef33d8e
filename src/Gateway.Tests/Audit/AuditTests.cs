using FathomGateway.Audit;
using FathomGateway.Keys;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Audit;

public sealed class AuditTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task A_connect_and_a_reconnect_are_audited_with_network_and_key_T37()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);
        await stage.LinkAsync(user);

        Assert.Collection(
            stage.Audit(user),
            line => Assert.Contains("began to connect at 2", line, StringComparison.Ordinal),
            line => Assert.Matches(
                @"was linked at 2\S+, binding None, from 127\.0\.0\.0/24 \(network differs: False, user agent differs: False\), under "
                    + @"key k\w+\.",
                line),
            line => Assert.Contains("began to connect at 2", line, StringComparison.Ordinal),
            line => Assert.Matches(
                @"was re-linked at 2\S+ in place of the link of 2\S+, binding None, from 127\.0\.0\.0/24 .* under key k\w+\.", line));
    }

    [Fact]
    public async Task A_denied_consent_is_audited_once_however_often_its_callback_is_delivered()
    {
        var user = Fresh.User();
        var query = $"error=access_denied&state={await stage.StateAsync(user)}";
        await stage.LandAsync(query);
        await stage.LandAsync(query);

        Assert.Contains(
            "access_denied, from 127.0.0.0/24",
            Assert.Single(stage.Audit(user), line => line.Contains("was not linked", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_audit_event_is_one_line_with_user_time_and_outcome()
    {
        using var captured = new CapturedLog();
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(captured));
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var audit = new AuditLog(logs, new KeyRing([new EncryptionKey("k1", new byte[EncryptionKey.Length])]), time);

        audit.Disconnected(Some.User("ann"), DisconnectActor.User, "yes");
        audit.ReconnectRequired(Some.User("ann"), "invalid_grant");
        audit.KeyUsed(Some.User("ann"), "access-token", "given");
        audit.ConfirmedByAnother(Some.User("ann"), Some.User("eve"), "192.0.2.0/24");

        Assert.Equal(4, captured.Lines.Count);
        Assert.All(captured.Lines, line =>
        {
            Assert.Contains($" {AuditLog.Category} ", line, StringComparison.Ordinal);
            Assert.Contains("ser ann ", line, StringComparison.Ordinal);
            Assert.Contains("2030-01-02T03:04:05", line, StringComparison.Ordinal);
        });
    }
}
