using System.Text;
using FathomGateway.Events;
using Xunit;

namespace FathomGateway.Tests.Events;

public sealed class EventSignatureTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek", Body = """{"test": 2432232314}""";
    private const long Timestamp = 1614265330;

    /// <summary>The vector that the libraries of Standard Webhooks are tested with.</summary>
    [Fact]
    public void The_event_signature_is_that_of_Standard_Webhooks() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        EventSignature.Sign([Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")], Id, Timestamp, Encoding.UTF8.GetBytes(Body)));

    [Fact]
    public void Two_keys_each_add_an_event_signature()
    {
        var (former, next) = (new byte[24], new byte[64]);
        next[0] = 1;

        var both = EventSignature.Sign([next, former], Id, Timestamp, Encoding.UTF8.GetBytes(Body));

        Assert.Equal($"{Alone(next)} {Alone(former)}", both);

        string Alone(byte[] key) => EventSignature.Sign([key], Id, Timestamp, Encoding.UTF8.GetBytes(Body));
    }
}
