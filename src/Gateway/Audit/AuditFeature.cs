namespace FathomGateway.Audit;

/// <summary>Registers the audit log.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditLog>();
}
