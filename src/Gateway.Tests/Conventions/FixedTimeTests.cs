using System.Reflection;
using System.Security.Cryptography;
using FathomGateway.Connect.Clients;
using FathomGateway.Internal;
using FathomGateway.Keys;
using FathomGateway.State;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>
/// Comparisons of input with a secret. A difference of nanoseconds cannot be measured by a test that has to hold on
/// every machine; so each comparison is shown to look at every character, and its compiled code to be the one that takes the same time for
/// each.
/// </summary>
public sealed class FixedTimeTests
{
    private const string Binder = "k3Jb0nq5x7Zr9vTtW1y2uA4oPsDfGhJkLzXcVbNmQwE";

    private static readonly MethodInfo Comparison =
        typeof(CryptographicOperations).GetMethod(nameof(CryptographicOperations.FixedTimeEquals))!;

    private static readonly SignedState SomeState =
        new(new KeyRing([new EncryptionKey("k", [.. Enumerable.Repeat((byte)1, EncryptionKey.Length)])]));

    private static readonly AuthorizationState Begun = new(Some.User("ann"), null) { Binder = Binder };

    /// <summary>For each kind of input: the right text, whether a text is accepted, and the code that decides.</summary>
    private static readonly Dictionary<string, (string Right, Func<string, bool> Accepts, Type By)> Secrets = new()
    {
        ["state"] =
            (SomeState.Write(Some.User("ann"), StateNonce.Create()), state => SomeState.TryRead(state, out _, out _), typeof(SignedState)),
        ["internal API key"] = (TestSettings.InternalApiKey, Matches, typeof(InternalApiKey)),
        ["binding cookie"] = (Binder, binder => new ClientInfo(null, "", binder).IsBoundTo(Begun), typeof(ClientInfo)),
    };

    public static TheoryData<string> Names() => [.. Secrets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_secret_that_differs_in_any_one_place_is_refused_T34(string name)
    {
        var (right, accepts, _) = Secrets[name];

        Assert.True(accepts(right));
        Assert.All(Enumerable.Range(0, right.Length), place => Assert.False(accepts(Changed(right, place)), $"place {place}"));
        Assert.All(Enumerable.Range(0, right.Length), length => Assert.False(accepts(right[..length]), $"{length} characters"));
        Assert.False(accepts(right + right[^1]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_compiled_comparison_takes_the_same_time_wherever_the_difference_is_T34(string name) =>
        Assert.Contains(Comparison, CompiledCalls.Of(Secrets[name].By));

    [Fact]
    public void Every_type_that_compares_secrets_has_a_fixed_time_test_T34()
    {
        var comparing = typeof(Program).Assembly.GetTypes().Where(type => CompiledCalls.Of(type).Contains(Comparison));

        Assert.Equal(Secrets.Values.Select(one => one.By.Name).Order(), comparing.Select(type => type.Name).Order());
    }

    private static string Changed(string text, int place) => $"{text[..place]}{(text[place] == 'A' ? 'B' : 'A')}{text[(place + 1)..]}";

    private static bool Matches(string key)
    {
        var settings = TestSettings.Reader(("INTERNAL_API_KEY", TestSettings.InternalApiKey));
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = $"Bearer {key}";
        return InternalApiKey.Read(settings).Matches(request);
    }
}
