using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace FathomGateway.Settings;

/// <summary>Which settings were asked for, and where each came from.</summary>
internal sealed partial class SettingsReader
{
    private readonly List<string> _asked = [];

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

    private void NoteAsked(string name)
    {
        if (!_asked.Contains(name)) _asked.Add(name);
    }
}
