using System.Net.Http.Headers;
using System.Reflection;

namespace FathomGateway.Settings;

/// <summary>The gateway's User-Agent for its own requests. Firewalls of many services answer 403 without one.</summary>
internal static class ProductInfo
{
    private const string Name = nameof(FathomGateway);

    /// <summary>The version without the build metadata after a plus sign.</summary>
    private static readonly string Version = typeof(ProductInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Value of <c>User-Agent</c> (RFC 9110, section 10.1.5): <c>FathomGateway/1.2.3</c>.</summary>
    public static ProductInfoHeaderValue UserAgent { get; } = new(Name, Version);
}
