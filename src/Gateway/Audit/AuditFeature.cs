namespace FathomGateway.Audit;

/// <summary>The audit log, for whoever has something to put on record.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        return services.AddSingleton<AuditLog>();
    }
}
