using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace FathomGateway.Settings;

/// <summary>Records which settings were read and where each value came from.</summary>
internal sealed partial class SettingsReader
{
    private readonly List<string> _readNames = [];
    private readonly Dictionary<string, (string Value, string Origin)> _defaults = [];

    /// <summary>Every name that was read so far, in that order.</summary>
    public IReadOnlyList<string> ReadNames => _readNames;

    /// <summary>The source of the value for messages: <c>environment</c>, a file name, or null where it is not set.</summary>
    public string? OriginOf(string name)
    {
        if (Filled(configuration[name]) is null)
        {
            return Filled(configuration[name + FileSuffix]) is null ? null : $"file named by {name}{FileSuffix}";
        }

        var provider = (configuration as IConfigurationRoot)?.Providers.LastOrDefault(one => one.TryGet(name, out _));
        return provider switch
        {
            EnvironmentVariablesConfigurationProvider => "environment",
            JsonConfigurationProvider json => json.Source.Path ?? "a file",
            _ => "configuration",
        };
    }

    /// <summary>Records the default of a setting: its value, or a word for it.</summary>
    /// <param name="origin">The source of the default where it is not built in.</param>
    public void NoteDefault(string name, string value, string origin = "default") => _defaults[name] = (value, origin);

    /// <summary>The default of a setting and its source; null where there is none.</summary>
    public (string Value, string Origin)? DefaultOf(string name) => _defaults.TryGetValue(name, out var found) ? found : null;

    private void RecordRead(string name)
    {
        if (!_readNames.Contains(name)) _readNames.Add(name);
    }
}
