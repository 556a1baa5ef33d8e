using FathomGateway.Settings.Warnings;

namespace FathomGateway.Settings;

/// <summary>
/// Collects warnings about legal but suspicious settings, for the log at the start and for the message of a failed start.
/// </summary>
internal sealed partial class SettingsReader
{
    private readonly List<(string? Name, string Text)> _warnings = [];
    private readonly Dictionary<string, string> _shapes = [];

    /// <summary>Every warning once. Warnings about settings with a fault are omitted.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _warnings.Where(one => one.Name is null || !IsFaulty(one.Name))
            .Select(one => one.Name is null ? one.Text : $"{one.Name} {one.Text}"),
        .. _shapes.Where(one => !IsFaulty(one.Key)).Select(one => $"{one.Key} {one.Value}."),
    ];

    /// <param name="warning">One or two sentences without any part of a value.</param>
    public void Warn(string warning) => Note(null, warning);

    /// <summary>Adds a warning that is omitted where the setting has a fault.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="warning">The text after the name: one or two sentences without any part of the value.</param>
    public void Warn(string name, string warning) => Note(name, warning);

    /// <summary>Whether this setting has a fault.</summary>
    public bool IsFaulty(string name) => _faults.Exists(fault => fault.Name == name);

    private void Note(string? name, string warning)
    {
        if (!_warnings.Contains((name, warning))) _warnings.Add((name, warning));
    }

    private void NoteShape(string name, string value)
    {
        if (SuspiciousValue.Remark(name, value) is { } remark) _shapes.TryAdd(name, remark);
    }

    /// <summary>The shape of a value often explains its fault.</summary>
    private SettingFault Explained(SettingFault fault) =>
        _shapes.TryGetValue(fault.Name, out var remark) ? fault with { Remedy = $"{fault.Remedy} The value {remark}." } : fault;
}
