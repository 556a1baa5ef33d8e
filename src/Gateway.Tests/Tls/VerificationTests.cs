using FathomGateway.Tests.Fathom;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tls;

/// <summary>No party whose certificate fails verification receives any data.</summary>
[Trait("Speed", "Slow")]
public sealed class VerificationTests : IDisposable
{
    /// <summary>With a handshake on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly Certificates _known = new(TrustedAuthority.Certificate);
    private readonly Certificates _unknown = new();

    public static TheoryData<string> Parties => [.. TlsParty.All.Keys];

    public static MatrixTheoryData<string, string> FaultyParties =>
        new(TlsParty.All.Keys, ["self-signed", "wrong host", "expired", "unknown authority"]);

    [Theory]
    [MemberData(nameof(FaultyParties))]
    public async Task A_server_with_a_faulty_certificate_receives_no_byte_T28(string party, string fault) =>
        Assert.Equal(0, await ReceivedAsync(party, fault));

    /// <summary>Else the other theory would prove nothing.</summary>
    [Theory]
    [MemberData(nameof(Parties))]
    public async Task A_server_with_a_valid_certificate_receives_bytes_T28(string party) =>
        Assert.NotEqual(0, await ReceivedAsync(party, "none"));

    public void Dispose()
    {
        _known.Dispose();
        _unknown.Dispose();
    }

    /// <summary>How many bytes come within TLS when the gateway calls.</summary>
    private async Task<int> ReceivedAsync(string name, string fault)
    {
        var party = TlsParty.All[name];
        var certificate = fault == "unknown authority" ? _unknown.Make("none") : _known.Make(fault);
        await using var listener = new TlsListener(certificate, party.IsPostgres);

        await party.CallAsync(TestSettings.Embedded(party.Settings(listener.Authority)), listener.Called).WaitAsync(MaxWait);
        return listener.Received;
    }
}
