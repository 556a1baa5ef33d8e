using System.Globalization;
using System.Security;

namespace FathomGateway.Settings;

/// <summary>
/// Reads settings by the flat names that people set on hosts such as Render, and collects all faults instead of stopping at the first. A
/// value may also be in a file that <c>NAME_FILE</c> names, as container platforms mount secrets.
/// </summary>
/// <remarks>An empty value counts as not set, because hosts and compose files pass on empty variables.</remarks>
internal sealed partial class SettingsReader(IConfiguration configuration)
{
    /// <summary>Ends the name of a variable that holds the path of a file with the value.</summary>
    public const string FileSuffix = "_FILE";

    private readonly List<SettingFault> _faults = [];

    /// <summary>For sections that the framework reads itself.</summary>
    public IConfiguration Configuration => configuration;

    /// <summary>Production by default, as in every ASP.NET service.</summary>
    public string Environment => Optional("ASPNETCORE_ENVIRONMENT", Optional("DOTNET_ENVIRONMENT") ?? Environments.Production);

    public bool IsProduction => Environment.Equals(Environments.Production, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds a fault, once.</summary>
    public void Fault(string name, string remedy)
    {
        var fault = new SettingFault(name, remedy);
        if (!_faults.Contains(fault)) _faults.Add(fault);
    }

    /// <summary>Whether the start will fail. Nothing may be written to disk then.</summary>
    public bool HasFaults => _faults.Count > 0;

    /// <exception cref="SettingsException">At least one fault was collected.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0) throw new SettingsException([.. _faults.Select(Explained)], this);
    }

    /// <summary>The trimmed value, or null.</summary>
    public string? Optional(string name) => Secret(name)?.Trim();

    /// <summary>The trimmed value, or the default.</summary>
    public string Optional(string name, string fallback)
    {
        NoteDefault(name, fallback);
        return Optional(name) ?? fallback;
    }

    /// <summary>The exact value, or null. Whitespace belongs to a secret, except line breaks at the end of a file.</summary>
    public string? Secret(string name)
    {
        RecordRead(name);
        var value = Filled(configuration[name]);
        if (value is not null && Filled(configuration[name + FileSuffix]) is not null)
        {
            Warn(name + FileSuffix, $"is not read, because {name} is set as well: leave one of the two out.");
        }

        value ??= FromFile(name);
        if (value is not null) NoteShape(name, value);
        return value;
    }

    public string Required(string name, string remedy)
    {
        if (Optional(name) is { } value) return value;
        // An unreadable file has its own fault already.
        if (Filled(configuration[name + FileSuffix]) is null) Fault(name, $"is missing: {remedy}");
        return "";
    }

    /// <summary><c>true</c>/<c>false</c>, <c>1</c>/<c>0</c>, <c>yes</c>/<c>no</c> or <c>on</c>/<c>off</c>, in any case.</summary>
    public bool Flag(string name, bool fallback = false)
    {
        NoteDefault(name, fallback ? "true" : "false");
        switch (Optional(name)?.ToLowerInvariant())
        {
            case null: return fallback;
            case "true" or "1" or "yes" or "on": return true;
            case "false" or "0" or "no" or "off": return false;
            default:
                Fault(name, "is neither true nor false: write true or false.");
                return fallback;
        }
    }

    public string OneOf(string name, string fallback, params string[] allowed)
    {
        NoteDefault(name, fallback);
        if (Optional(name) is not { } value) return fallback;
        var match = Array.Find(allowed, one => one.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (match is null) Fault(name, $"has an unknown value: use {string.Join(" or ", allowed)}.");
        return match ?? fallback;
    }

    /// <summary>A TCP port. 0 lets the system choose a free one.</summary>
    /// <param name="fallback">Negative where there is no default.</param>
    public int Port(string name, int fallback)
    {
        NoteDefault(name, fallback < 0 ? "off" : fallback.ToString(CultureInfo.InvariantCulture));
        if (Optional(name) is not { } value) return fallback;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue) return port;
        Fault(name, "is not a port: write a whole number from 0 to 65535.");
        return fallback;
    }

    /// <summary>Splits a comma-separated list and trims its entries.</summary>
    public IReadOnlyList<string> List(string name, string fallback = "")
    {
        var text = fallback.Length > 0 ? Optional(name, fallback) : Optional(name) ?? "";
        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private string? FromFile(string name)
    {
        var variable = name + FileSuffix;
        if (Filled(configuration[variable]) is not { } path) return null;
        NoteShape(variable, path);
        try
        {
            if (Filled(File.ReadAllText(path.Trim())) is { } value) return value.TrimEnd('\r', '\n');
            Fault(variable, $"points at a file that is empty: write the value of {name} into it.");
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            Fault(variable, "points at a file that cannot be read: check the path and who may read it.");
        }

        return null;
    }

    private static bool IsUnreadable(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException;

    private static string? Filled(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
