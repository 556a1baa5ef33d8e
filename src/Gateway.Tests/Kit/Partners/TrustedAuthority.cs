using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tests.Fathom;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// An authority that this process trusts as it trusts those of the machine, and no other process does: a certificate can be right but for
/// one fault, and a gateway inside the tests is not told of any test.
/// </summary>
internal static class TrustedAuthority
{
    /// <summary>OpenSSL's name for the file of the machine's authorities.</summary>
    private const string FileVariable = "SSL_CERT_FILE";

    public static X509Certificate2 Certificate { get; private set; } = null!;

    /// <summary>
    /// The runtime reads the C library's variable, with the first certificate that it judges. Its own variables are a copy.
    /// </summary>
    [ModuleInitializer]
    internal static void Trust()
    {
        Certificate = Certificates.CreateAuthority();
        var file = Path.Combine(TempFolder.Create("authority"), "authorities.pem");
        // Beside the machine's own, as far as they are in one file.
        var others = Environment.GetEnvironmentVariable(FileVariable) ?? "/etc/ssl/certs/ca-certificates.crt";
        File.WriteAllText(file, $"{(File.Exists(others) ? File.ReadAllText(others) : "")}\n{Certificate.ExportCertificatePem()}\n");
        if (setenv(FileVariable, file, 1) != 0) throw new InvalidOperationException("The environment cannot be changed.");
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setenv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
