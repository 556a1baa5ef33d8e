using System.Text;

namespace FathomGateway.Settings;

/// <summary>
/// The configuration is unusable. The message lists every fault and every warning, so that one start is enough to correct them all.
/// </summary>
public sealed class SettingsException : Exception
{
    internal SettingsException(IReadOnlyList<SettingFault> faults, SettingsReader settings)
        : base(Describe(faults, settings.Warnings)) => (Faults, Settings) = (faults, settings);

    internal IReadOnlyList<SettingFault> Faults { get; }

    /// <summary>The reader, whose origins of values may explain a fault.</summary>
    internal SettingsReader Settings { get; }

    internal static string Describe(IReadOnlyList<SettingFault> faults) => Describe(faults, []);

    private static string Describe(IReadOnlyList<SettingFault> faults, IReadOnlyList<string> warnings)
    {
        var settings = faults.Count == 1 ? "setting needs" : "settings need";
        var text = new StringBuilder($"The gateway cannot start: {faults.Count} {settings} attention.");
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
