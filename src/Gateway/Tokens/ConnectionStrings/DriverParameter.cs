using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>One of Npgsql's own parameters.</summary>
internal static class DriverParameter
{
    /// <param name="builder">What it is set in.</param>
    /// <param name="name">Npgsql's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="shown">The name that the operator wrote, which is shown if the driver knows the parameter.</param>
    /// <exception cref="SettingValueException">The driver does not know it, or cannot use its value.</exception>
    public static void Set(NpgsqlConnectionStringBuilder builder, string name, object value, string? shown = null)
    {
        try
        {
            builder[name] = value;
        }
        catch (Exception failure) when (IsUnknown(failure))
        {
            throw new SettingValueException(
                "has a parameter that nobody knows: correct its name, or leave it out. If it is a part of the password, percent-encode "
                + "? / # @ : ; % & there, or put the password into single quotes in an Npgsql string.");
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            throw new SettingValueException($"has a value of {(shown ?? name).ToLowerInvariant()} that cannot be used: correct it, or "
                + "leave it out.");
        }
    }

    private static bool IsUnknown(Exception failure) => failure is KeyNotFoundException || failure.InnerException is KeyNotFoundException;
}
