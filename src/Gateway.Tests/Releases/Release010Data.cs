namespace FathomGateway.Tests.Releases;

/// <summary>
/// What release 0.1.0 writes, to the letter, for one user and under one key. It stays as it is: whoever changes a form has to go on reading
/// this one, and may write the new one only when the release before reads it, too.
/// </summary>
internal static class Release010Data
{
    public const string Keys = "r1:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
    public const string User = "ann";

    /// <summary>What the random part of the state is, in base64url.</summary>
    public const string Nonce = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8";
    public const string State = "v1.r1.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9hbm4.l_CJejEoxCOW5ljBH3Z-QCKfbLSwtPy8VkvPXCGh7p4";
    public const string Handle = "v1.r1.1c62HtftZm8znABFq3UfLMJQV91WXcKndlOPG-rfgZBhbm4.QUfdTJoqytYWeFHWDB6Ny0CRKOPzOBiMNjvs0M1ghp4";

    /// <summary>What the user's keys in Redis begin with.</summary>
    public const string Prefix = "fathom:{SZFeDX1LQC4wF9AQvBwOgw}:";
    public const string RecordKey = Prefix + "state:" + Nonce;
    public const string ReceiptKey = Prefix + "receipt:" + Nonce;
    public const string WaitingKey = Prefix + "waiting";
    public const string ParkedKey = Prefix + "state:GoOMCj-M1p7erXimwGyXEVkEv2h17MFAkwt5jYfxYTs";

    public const string Verifier = "a-verifier-of-the-release-0.1.0-with-43-chars";
    public const string Cookie = "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8";
    public const string Binder = "gthkCFMLdl5G6_R4BwlQJ-gHvAhnSw3nfuXvL659BJI";
    public const string UserAgent = "a browser", UserAgentDigest = "IWNUalSre_s02SULwQy83w";
    public const string Network = "127.0.0.0/24", NetworkDigest = "OI1I_kjX6hWweuyYvjQ11g";
    public const string Record =
        """{"user_id":"ann","code_verifier":"a-verifier-of-the-release-0.1.0-with-43-chars","binder":"gthkCFMLdl5G6_R4BwlQJ-gHvAhnSw3nf"""
            + """uXvL659BJI","network":"OI1I_kjX6hWweuyYvjQ11g","user_agent":"IWNUalSre_s02SULwQy83w"}""";

    public const string Code = "a-code-of-0.1.0";
    public const string ParkedCode = "v1:r1:KuLw3suB/B7Hsdy8tBeY1MonL7wZIgWNeLtM3X0/JM8WoWWMKDHSSd75lQ==";
    public const string ParkedRecord =
        """{"user_id":"ann","code_verifier":"a-verifier-of-the-release-0.1.0-with-43-chars","network":"OI1I_kjX6hWweuyYvjQ11g","user_ag"""
            + """ent":"IWNUalSre_s02SULwQy83w","parked_code":"v1:r1:KuLw3suB/B7Hsdy8tBeY1MonL7wZIgWNeLtM3X0/JM8WoWWMKDHSSd75lQ=="}""";

    public const string Grant = "5f0f7a1e-0f3a-4a3e-9a55-0d6b9c2f6a01", Scope = "sites:read";
    public const string Access = "access-of-0.1.0", Refresh = "refresh-of-0.1.0";
    public const string SealedAccess = "v1:r1:t0PL4bsQcDNFhpR3i4h2UTSES8BZQ3VNgL/viG0pZgTrwp9e5j/VJzcLHg==";
    public const string SealedRefresh = "v1:r1:xQmh5yjwGYmeSkBQKHH3iOywQ7ZEG75jleWXmy1Z8Ew1nvByoGyy2AAn3YQ=";

    /// <summary>A minute after the tokens were written to Redis.</summary>
    public static readonly DateTimeOffset At = new(2026, 11, 23, 10, 1, 0, TimeSpan.Zero);

    /// <summary>Tokens that waited for the database: their key in Redis, what is inside of the envelope, and the envelope.</summary>
    public const string RescuedKey = "fathom:{SZFeDX1LQC4wF9AQvBwOgw}:rescued:5f0f7a1e0f3a4a3e9a550d6b9c2f6a01:0";
    public const string LateAccess = "late-access-of-0.1.0";
    public const string SealedLateAccess = "v1:r1:kCNU+SEQzE1SBmtya+Z1/4kiyhixR7Jfrc0VfS0k4ShzBr5YsumHd0dFAnpbqPkE";
    public const string SealedLateRefresh = "v1:r1:k01F6qoq5GbJjWRLt9Gv4yKDARCfgqYw0JveMpROIadobmekuPZtDhVQ/SXk4dSW6g==";
    public const string RescuedJson =
        """{"user_id":"ann","grant_id":"5f0f7a1e-0f3a-4a3e-9a55-0d6b9c2f6a01","version":0,"access_token":"v1:r1:"""
            + """kCNU\u002BSEQzE1SBmtya\u002BZ1/4kiyhixR7Jfrc0VfS0k4ShzBr5YsumHd0dFAnpbqPkE","refresh_token":"v1:r1:k01F6qoq5"""
            + """GbJjWRLt9Gv4yKDARCfgqYw0JveMpROIadobmekuPZtDhVQ/SXk4dSW6g==","scope":"sites:read","lifetime":36"""
            + """00000,"issued_at":"2026-11-23T10:00:00+00:00","age":1500}""";
    public const string Rescued =
        "v1:r1:5PlQGNPiKquDtWm+C6TE0wrrrXPcWh/NM6brIL0+DKfeTr6M1z41rwlQA/RtzFq3uPJ4Fu3FytsxZjfAtA6udU4bklXirFvGF+ab054BdjsF1dK6E8DJ3QNij+D"
            + "/ByLjF2Ovcdob1n5czFIV+J0hQJn6SeyHLSX1MYyCuud5hp/6r4uDmhp7KfVdLIQkI7ld7WEjmzdIP9eGgSgeQxauhXiBQLFQXbePEGBS/UfOxTDrqetfFYsqTV"
            + "wjtSQue/GalYi6Rq333DW/NDt13zYTyqGs+6Hhoe5nY4G1wF5qV2vvX03Isi1rac2BWMDS4XMvtfGFoO5kPMDkHiUsOc0cF5Uok9SwUWQLcvaYEx/i667fmswGT"
            + "DLnvi9tJ1GZPVVlSQoq5RXu2B8xK6G2bV4kGwnU4BFMoKL38Xyoug69iqsrnEMPSKR5MYxJXdXRchIx/mVrHpyeOvwmEDx61pzmlyLRKBVU1Yi6voa4NMoyqLKB"
            + "1v9iejiWZ2f/kuVpnyKxGLApjcY=";
}
