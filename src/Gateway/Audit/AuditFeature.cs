using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FathomGateway.Audit;

/// <summary>Registers the audit log.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<AuditLog>();
    }
}
