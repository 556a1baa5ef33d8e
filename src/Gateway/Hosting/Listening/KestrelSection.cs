using System.Net;
using System.Security.Authentication;
using FathomGateway.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FathomGateway.Hosting.Listening;

/// <summary>
/// Validates the listeners of Kestrel's own section before Kestrel reads it. Kestrel would report only the first fault, in part as a stack
/// trace, and ignore unknown values.
/// </summary>
internal static class KestrelSection
{
    private const string Https = "https", Http = "http", Certificate = "Certificate";

    public static IReadOnlyList<ListenerAddress> Read(SettingsReader settings)
    {
        var kestrel = settings.Configuration.GetSection("Kestrel");
        var hasDefault = HasCertificate(kestrel.GetSection("Certificates:Default"));
        foreach (var one in kestrel.GetSection("Certificates").GetChildren()) CertificateSection.Check(settings, one);
        CheckWords(settings, kestrel.GetSection("EndpointDefaults"));
        List<ListenerAddress> listeners = [];
        foreach (var endpoint in kestrel.GetSection("Endpoints").GetChildren())
        {
            CheckWords(settings, endpoint);
            CertificateSection.Check(settings, endpoint.GetSection(Certificate));
            var names = endpoint.GetSection("Sni").GetChildren().ToArray();
            foreach (var name in names)
            {
                CheckWords(settings, name);
                CertificateSection.Check(settings, name.GetSection(Certificate));
            }

            if (ParseUrl(settings, endpoint.GetSection("Url")) is not { } url) continue;
            var certificates = HasCertificate(endpoint.GetSection(Certificate)) || names.Length > 0;
            var isTls = certificates || endpoint.GetSection("SslProtocols").Exists() || endpoint["ClientCertificateMode"] is not null;
            if (url.Scheme == Http && isTls)
            {
                settings.Fault(Name(endpoint, "Url"), "is http, but has settings for https: write https, or leave those out.");
            }

            if (url.Scheme == Https && !hasDefault && !certificates && settings.IsProduction)
            {
                settings.Fault(
                    Name(endpoint, "Certificate:Path"), "is missing: a listener for https needs a certificate and its private key.");
            }

            var setting = Name(endpoint, "Url");
            listeners.AddRange(Addresses(url).Select(address => new ListenerAddress(setting, setting, address, url.Port)));
        }

        return listeners;
    }

    /// <summary>The setting's name as an environment variable.</summary>
    public static string Name(IConfigurationSection section, string? key = null) =>
        (key is null ? section.Path : $"{section.Path}:{key}").Replace(":", "__", StringComparison.Ordinal);

    private static bool HasCertificate(IConfigurationSection section) =>
        section["Path"] is { Length: > 0 } || section["Subject"] is { Length: > 0 };

    private static BindingAddress? ParseUrl(SettingsReader settings, IConfigurationSection section)
    {
        var name = Name(section);
        try
        {
            if (section.Value is not { Length: > 0 } text)
            {
                settings.Fault(name, "is missing: write an address to listen on, such as https://0.0.0.0:8443.");
                return null;
            }

            var url = BindingAddress.Parse(text);
            var isHttp = url.Scheme is Http or Https;
            if (isHttp && url.IsUnixPipe) return null;
            var isPlain = url.PathBase.Length == 0 && !text.Contains('@', StringComparison.Ordinal);
            if (isHttp && isPlain && url.Port is >= 0 and <= ushort.MaxValue) return url;
        }
        catch (FormatException)
        {
        }

        settings.Fault(
            name, "is no address to listen on: write scheme, host and port, such as https://0.0.0.0:8443, and nothing after them.");
        return null;
    }

    /// <summary>Interprets a host as Kestrel does: a name other than localhost means all interfaces.</summary>
    private static IPAddress?[] Addresses(BindingAddress url)
    {
        if (url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        return IPAddress.TryParse(url.Host, out var address) ? [address] : [null];
    }

    private static void CheckWords(SettingsReader settings, IConfigurationSection section)
    {
        CheckWord<HttpProtocols>(settings, section.GetSection("Protocols"), nameof(HttpProtocols.None), nameof(HttpProtocols.Http3));
        CheckWord<ClientCertificateMode>(settings, section.GetSection("ClientCertificateMode"));
        foreach (var one in section.GetSection("SslProtocols").GetChildren()) CheckWord<SslProtocols>(settings, one);
    }

    /// <param name="unserved">Words of the framework that the gateway's listeners do not support.</param>
    private static void CheckWord<T>(SettingsReader settings, IConfigurationSection section, params string[] unserved)
        where T : struct, Enum
    {
        var known = Enum.GetNames<T>().Except(unserved).ToArray();
        if (section.Value is not { Length: > 0 } word || known.Contains(word, StringComparer.OrdinalIgnoreCase)) return;
        settings.Fault(Name(section), $"has an unknown value: use {string.Join(", ", known)}.");
    }
}
