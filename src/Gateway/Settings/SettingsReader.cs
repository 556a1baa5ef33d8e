using System.Globalization;
using System.Security;

namespace FathomGateway.Settings;

/// <summary>
/// Reads settings by the flat names that people set on hosts such as Render, and collects every fault instead of stopping at the first.
/// A value may also stand in a file that <c>NAME_FILE</c> points at, as container platforms mount secrets.
/// </summary>
/// <remarks>An empty value counts as unset: hosts and compose files pass variables on that nobody filled in.</remarks>
internal sealed partial class SettingsReader(IConfiguration configuration)
{
    private const string FileSuffix = "_FILE";
    private readonly List<SettingFault> _faults = [];

    /// <summary>For what the framework reads itself, in sections of its own.</summary>
    public IConfiguration Configuration => configuration;

    /// <summary>As in every ASP.NET service: Production unless another name is set.</summary>
    public string Environment => Optional("ASPNETCORE_ENVIRONMENT", Optional("DOTNET_ENVIRONMENT") ?? Environments.Production);

    public bool IsProduction => Environment.Equals(Environments.Production, StringComparison.OrdinalIgnoreCase);

    /// <summary>Notes a fault down, once however often it is met.</summary>
    public void Fault(string name, string remedy)
    {
        var fault = new SettingFault(name, remedy);
        if (!_faults.Contains(fault)) _faults.Add(fault);
    }

    /// <summary>Whether the start is doomed already: then nothing is written to disk any more.</summary>
    public bool HasFaults => _faults.Count > 0;

    /// <exception cref="SettingsException">At least one fault was collected.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0) throw new SettingsException([.. _faults.Select(Explained)], this);
    }

    /// <summary>The value without blanks around it, or null.</summary>
    public string? Optional(string name) => Secret(name)?.Trim();

    /// <summary>The value without blanks around it, or what it is by default.</summary>
    public string Optional(string name, string fallback)
    {
        NoteDefault(name, fallback);
        return Optional(name) ?? fallback;
    }

    /// <summary>The value to the letter, or null: blanks belong to a secret. Of a file, line breaks at the end do not count.</summary>
    public string? Secret(string name)
    {
        NoteAsked(name);
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
        // A file that was named and could not be read has its fault already.
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
    /// <param name="fallback">Below 0 where there is none by default.</param>
    public int Port(string name, int fallback)
    {
        NoteDefault(name, fallback < 0 ? "off" : fallback.ToString(CultureInfo.InvariantCulture));
        if (Optional(name) is not { } value) return fallback;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue) return port;
        Fault(name, "is not a port: write a whole number from 0 to 65535.");
        return fallback;
    }

    /// <summary>Splits a comma-separated list; blanks around its entries do not count.</summary>
    public IReadOnlyList<string> List(string name, string fallback = "") =>
        (fallback.Length > 0 ? Optional(name, fallback) : Optional(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException)
        {
            Fault(variable, "points at a file that cannot be read: check the path and who may read it.");
        }

        return null;
    }

    private static string? Filled(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
