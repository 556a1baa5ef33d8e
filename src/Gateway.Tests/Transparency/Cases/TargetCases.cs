using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>What can stand between the method and the version.</summary>
internal static class TargetCases
{
    /// <summary>The spellings that proxies decode, encode, resolve or refuse, one a line.</summary>
    private const string Spellings = """
        /
        //
        //a
        /a//b
        /a/
        /a%2Fb
        /a%2fb
        /a/..%2Fb
        /%2e%2e/a
        /%41%7e
        /%7E%7e
        /%e2%9c%93
        /%E2%9C%93
        /a%20b+c
        /a%5Cb
        /a\b
        /\evil.example.test
        /@evil.example.test
        /a|b[c]{d}^"`<>
        /a#fragment
        /a%23b
        /a/./b
        /a/../b
        /a/%2e%2e/b
        /../a
        /..
        /.
        /a/..
        /...
        /a%ZZ
        /a%
        /a%4
        /a%FF
        /a%c0%af
        /a%25
        /a%2525
        /a;b=c;d
        /a:80
        /a@b!$&'()*+,;=~
        /a?
        /a??
        /a?b?c
        /a?x=%41
        /a?x=|^`{}"<>\
        /a?x=%ZZ
        /a?x=1&x=2&&y=;z
        /a?x[]=1&x[a]=2
        /a?x=/../b
        /a?%00
        /a?x=http://other.example.test/
        /a?x=a+b%2B%20c
        /a?x#y
        /?
        /?/
        /*
        /fathom
        /fathom/
        /fathom/other
        //fathom/connect
        /fathom//connect
        /fathom%2fconnect
        /fathom%2Fcallback
        /x/..%2ffathom/connect
        /fathom/connect;a=b
        /fathom/connect%20
        /fathom/connect//
        /fathom/connectx
        /fathom\connect
        /health/live
        /health/ready
        /metrics
        /favicon.ico
        /robots.txt
        /.well-known/acme-challenge/x
        """;

    public static IEnumerable<Case> EveryByte(string before, string after)
    {
        for (var code = 0; code <= 0xFF; code++)
        {
            foreach (var spelled in new[] { $"{(char)code}", $"%{code:X2}", $"%{code:x2}" }.Distinct())
            {
                var target = $"{before}{spelled}{after}";
                yield return Case.Http11($"target {target}", target: target);
                yield return Case.Http2($"target {target}", target: target);
            }
        }
    }

    public static IEnumerable<Case> KnownPitfalls()
    {
        foreach (var target in Spellings.Split('\n').Select(line => line.Trim()))
        {
            yield return Case.Http11($"target {target}", target: target);
            yield return Case.Http2($"target {target}", target: target);
        }

        foreach (var rest in new[] { "", "/", "/a/../b%2Fc", "?x=1", "/a?x=http://b/" })
        {
            yield return Case.Http11($"absolute target with {rest}", target: $"http://frontend.example.test{rest}");
            yield return Case.Http11($"absolute target of another host with {rest}", target: $"http://other.example.test{rest}");
            yield return Case.Http11($"absolute target of OPTIONS with {rest}", "OPTIONS", $"http://frontend.example.test{rest}");
        }

        yield return Case.Http11("absolute target of https", target: "https://user@frontend.example.test:8443/@x");
        yield return Case.Http11("asterisk", "OPTIONS", "*");
        yield return Case.Http2("asterisk", "OPTIONS", "*");
        yield return Case.Http11("CONNECT", "CONNECT", "frontend.example.test:443");
        yield return new Case("HTTP/1.0", "GET /a%2Fb HTTP/1.0\r\nHost: frontend.example.test\r\n\r\n");
        yield return new Case("HTTP/1.0 without Host", "GET /a%2Fb HTTP/1.0\r\n\r\n");
        yield return Case.Http11("a long target", target: $"/{new string('a', 15_000)}");
        yield return Case.Http2("a long target", target: $"/{new string('a', 15_000)}");
    }
}
