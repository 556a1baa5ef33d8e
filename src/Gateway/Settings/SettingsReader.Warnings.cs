using FathomGateway.Settings.Warnings;

namespace FathomGateway.Settings;

/// <summary>What is legal but deserves a word in the log at the start, and beside the faults of a start that fails.</summary>
internal sealed partial class SettingsReader
{
    private readonly List<(string? Name, string Text)> _warnings = [];
    private readonly Dictionary<string, string> _shapes = [];

    /// <summary>Every warning once. What a setting's fault says already is left out.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _warnings.Where(one => one.Name is null || !IsFaulty(one.Name))
            .Select(one => one.Name is null ? one.Text : $"{one.Name} {one.Text}"),
        .. _shapes.Where(one => !IsFaulty(one.Key)).Select(one => $"{one.Key} {one.Value}."),
    ];

    /// <param name="warning">One sentence or two, without any part of a value.</param>
    public void Warn(string warning) => Note(null, warning);

    /// <summary>A warning that is dropped where the setting has a fault as well.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="warning">What follows its name: one sentence or two, without any part of the value.</param>
    public void Warn(string name, string warning) => Note(name, warning);

    /// <summary>Whether a fault of this setting was noted.</summary>
    public bool IsFaulty(string name) => _faults.Exists(fault => fault.Name == name);

    private void Note(string? name, string warning)
    {
        if (!_warnings.Contains((name, warning))) _warnings.Add((name, warning));
    }

    private void NoteShape(string name, string value)
    {
        if (SuspiciousValue.Remark(name, value) is { } remark) _shapes.TryAdd(name, remark);
    }

    /// <summary>The shape of a value is often the reason of its fault.</summary>
    private SettingFault Explained(SettingFault fault) =>
        _shapes.TryGetValue(fault.Name, out var remark) ? fault with { Remedy = $"{fault.Remedy} The value {remark}." } : fault;
}
