using FathomGateway.Tests.Connect;

namespace FathomGateway.Tests.Audit;

/// <summary>The audit events of a stage.</summary>
internal static class AuditLines
{
    /// <summary>Those that name the user, in order.</summary>
    public static string[] Audit(this Stage stage, string user) =>
        [.. stage.Gateway.Log.Lines.Where(
            line => line.Contains(" FathomGateway.Audit ", StringComparison.Ordinal) && line.Contains(user, StringComparison.Ordinal))];
}
