using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FathomGateway.Audit;

/// <summary>The audit log, for whoever has something to put on record.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<AuditLog>();
    }
}
