using System.Text;

namespace FathomGateway.Settings;

/// <summary>The configuration cannot be used. The message lists every fault, and what only deserves a word, so that one start is enough to mend them all.</summary>
public sealed class SettingsException : Exception
{
    internal SettingsException(IReadOnlyList<SettingFault> faults, SettingsReader settings)
        : base(Describe(faults, settings.Warnings)) => (Faults, Settings) = (faults, settings);

    internal IReadOnlyList<SettingFault> Faults { get; }

    /// <summary>What was read: a look at where a value came from may explain its fault.</summary>
    internal SettingsReader Settings { get; }

    internal static string Describe(IReadOnlyList<SettingFault> faults) => Describe(faults, []);

    private static string Describe(IReadOnlyList<SettingFault> faults, IReadOnlyList<string> warnings)
    {
        var text = new StringBuilder($"The gateway cannot start: {faults.Count} {(faults.Count == 1 ? "setting needs" : "settings need")} attention.");
        var width = faults.Max(fault => fault.Name.Length);
        foreach (var fault in faults)
        {
            text.Append("\n  ").Append(fault.Name.PadRight(width)).Append("  ").Append(fault.Remedy);
        }

        if (warnings.Count > 0) text.Append("\nThese would not stop it; look at them as well:");
        foreach (var warning in warnings) text.Append("\n  ").Append(warning);
        return text.ToString();
    }
}
