using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace FathomGateway.Settings;

/// <summary>Which settings were asked for, and where each came from.</summary>
internal sealed partial class SettingsReader
{
    private readonly List<string> _asked = [];
    private readonly Dictionary<string, (string Value, string Origin)> _defaults = [];

    /// <summary>Every name that was asked for so far, in that order.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>Where the value comes from, for people: <c>environment</c>, the name of a file, or null where it is not set.</summary>
    public string? OriginOf(string name)
    {
        if (Filled(configuration[name]) is null) return Filled(configuration[name + FileSuffix]) is null ? null : $"file named by {name}{FileSuffix}";
        var provider = (configuration as IConfigurationRoot)?.Providers.LastOrDefault(one => one.TryGet(name, out _));
        return provider switch
        {
            EnvironmentVariablesConfigurationProvider => "environment",
            JsonConfigurationProvider json => json.Source.Path ?? "a file",
            _ => "configuration",
        };
    }

    /// <summary>Notes what a name that is not set stands for: its value, or a word for it.</summary>
    /// <param name="origin">Where that comes from, if it is not simply the default.</param>
    public void NoteDefault(string name, string value, string origin = "default") => _defaults[name] = (value, origin);

    /// <summary>What a name that is not set stands for, and where that comes from; null where it stands for nothing.</summary>
    public (string Value, string Origin)? DefaultOf(string name) => _defaults.TryGetValue(name, out var found) ? found : null;

    private void NoteAsked(string name)
    {
        if (!_asked.Contains(name)) _asked.Add(name);
    }
}
