using System.Net.Http.Headers;
using System.Reflection;

namespace FathomGateway.Settings;

/// <summary>What <c>gateway --version</c> prints, and the User-Agent of the gateway's own requests.</summary>
internal static class ProductInfo
{
    private const string Name = nameof(FathomGateway);

    /// <summary>The semantic version, and the commit where the build knows it.</summary>
    private static readonly string[] VersionAndCommit = typeof(ProductInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');

    /// <summary>The version and the commit, which is 40 hexadecimal digits, or <c>unknown</c> in a build without git.</summary>
    public static string Description { get; } =
        $"gateway {VersionAndCommit[0]} (commit {VersionAndCommit.ElementAtOrDefault(1) ?? "unknown"})";

    /// <summary>
    /// Value of <c>User-Agent</c> (RFC 9110, section 10.1.5): <c>FathomGateway/1.2.3</c>. Firewalls of many services answer 403 without
    /// one.
    /// </summary>
    public static ProductInfoHeaderValue UserAgent { get; } = new(Name, VersionAndCommit[0]);
}
