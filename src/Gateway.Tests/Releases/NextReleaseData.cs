namespace FathomGateway.Tests.Releases;

/// <summary>
/// The same as a next release may write it: with fields and words that this release does not know.
/// </summary>
internal static class NextReleaseData
{
    public const string Record =
        """{"user_id":"ann","code_verifier":"a-verifier-of-the-release-0.1.0-with-43-chars","binder":"gthkCFMLdl5G6_R4BwlQJ-gHvAhnSw3nf"""
            + """uXvL659BJI","network":"OI1I_kjX6hWweuyYvjQ11g","user_agent":"IWNUalSre_s02SULwQy83w","region":"eu","notes":[{"a":1}]}""";
    public const string ParkedRecord =
        """{"user_id":"ann","code_verifier":"a-verifier-of-the-release-0.1.0-with-43-chars","network":"OI1I_kjX6hWweuyYvjQ11g","user_ag"""
            + """ent":"IWNUalSre_s02SULwQy83w","parked_code":"v1:r1:KuLw3suB/B7Hsdy8tBeY1M"""
            + """onL7wZIgWNeLtM3X0/JM8WoWWMKDHSSd75lQ==","region":"eu","notes":[{"a":1}]}""";
    public const string Outcome = "an_outcome_of_the_next_release";
    public const string ReconnectReason = "a_reason_of_the_next_release";

    /// <summary>As <see cref="Release010Data.RescuedJson"/> with more fields, under the same key.</summary>
    public const string Rescued =
        "v1:r1:QVMh0fqn7IosOt/REAC2us8dC9PEfu18xRjnS6CI6ig0Awo3lMbb7iJQXRPtAHUEQOhO5ifYWzI0G51zF+nywHIoTaaFrG03b8xOa6Vhvkvkb01KPum+esNDKRi"
            + "y7TB1jMjnwMdwHJqWK94Kvm38qQnXFqe8s/kqtzPYu4WRTLzOkgdv+9Duzf7UmyXR4xOe63isNqAQgOSQWNLdpRPLiwHfjzV9HodNfHrL8TJpIoibszoBtxQ1rp"
            + "8PDa2cavVmUW/kIdLlsV7om2PQRYYPwPCKgvL1MmBlgpTc77S9UI7hJ33ckjm/qF8pdBqCVQo2kjVL6k4pKuKrePeiCMT2m78fDIO59c+dZR8tP94e56V0BCuK0"
            + "WN3lv71mMfhYbqaHWIEyubyIQk7wRf3r8tIugyTRnzXuDRZ5n5u9WKbwcbu3swdxKIYaZmCfAHBpk7phRCUPlo/hZmfhqQakKMPqxTBpCb+zEHAJq+0+yJXiaCO"
            + "zC8p+qVmovdpJwE/1yr3HNGG4uNh+NPke1B+mmEwHhDtXLHWM5nJu78EFmJzEMDKjIQIGg==";
}
