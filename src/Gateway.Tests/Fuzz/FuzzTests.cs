using Xunit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// Random and mutated input to every parser of untrusted input. A minute in all; <c>./test.sh --fuzz MINUTES</c> takes longer.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class FuzzTests
{
    private static readonly Dictionary<string, Func<Task<ITarget>>> All = new()
    {
        ["state_T2"] = StateTarget.StartAsync,
        ["callback_query_T2_T11"] = CallbackQueryTarget.StartAsync,
        ["bearer_token_T15"] = BearerTarget.StartAsync,
        ["signed_payload_T21"] = SignedPayloadTarget.StartAsync,
        ["token_response_T27"] = TokenResponseTarget.StartAsync,
        ["public_bytes_T31"] = PublicBytesTarget.StartAsync,
        ["proxied_bytes_T32"] = ProxiedBytesTarget.StartAsync,
        ["internal_bytes_T35"] = InternalBytesTarget.StartAsync,
        ["user_id_T26"] = UserIdTarget.StartAsync,
        ["confirm_body_T2"] = ConfirmBodyTarget.StartAsync,
        ["response_bytes_B5"] = ResponseBytesTarget.StartAsync,
        ["backend_bytes_B4"] = BackendBytesTarget.StartAsync,
    };

    public static TheoryData<string> Targets => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public Task Random_and_mutated_input_breaks_no_promise_T2_T11_T15_T21_T26_T27_T31_T32_T35(string target) =>
        FuzzRun.GoAsync(target, All[target], 1.0 / All.Count);
}
