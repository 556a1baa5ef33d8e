using FathomGateway.Hosting;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>With any settings the gateway serves, or says in one message what to correct; it never prints a stack trace.</summary>
public sealed class NoAbortTests
{
    private const string Nowhere = "postgresql://u:p@127.0.0.1:1/db";

    public static TheoryData<string, string> Values() => new()
    {
        { "DATABASE_URL", Nowhere + "?target_session_attrs=read-write" },
        { "DATABASE_URL", Nowhere + "?target_session_attrs=standby" },
        { "DATABASE_URL", "postgresql://u:p@127.0.0.1:1,127.0.0.1:2/db?target_session_attrs=prefer-standby&load_balance_hosts=random" },
        { "DATABASE_URL", Nowhere + "?sslnegotiation=direct" },
        { "DATABASE_URL", Nowhere + "?sslnegotiation=direct&sslmode=require&channel_binding=require" },
        { "DATABASE_URL", Nowhere + "?Minimum%20Pool%20Size=25" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Minimum Pool Size=25;Maximum Pool Size=10" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Multiplexing=true;Pooling=false" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Pooling=false" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Load Balance Hosts=true;Target Session Attributes=any" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Connection Idle Lifetime=5;Connection Pruning Interval=10" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Keepalive=99999999" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Tcp Keepalive=true;Tcp Keepalive Time=0;Tcp Keepalive Interval=5" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Timeout=99999" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;SSL Mode=VerifyFull;Trust Server Certificate=true" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Root Certificate=/nowhere/ca.pem" },
        { "DATABASE_URL", "Host=127.0.0.1;Port=1;Client Encoding=martian;Encoding=martian" },
        { "DATABASE_URL", "Host=127.0.0.1,,127.0.0.1;Port=1" },
        { "DATABASE_URL", "Host= ;Port=1" },
        { "DATABASE_URL", "postgresql://u:p@/db?host=/cloudsql/project:region:instance" },
        { "REDIS_URL", "127.0.0.1:1,connectTimeout=99999999999" },
        { "REDIS_URL", "127.0.0.1:1,defaultDatabase=-5" },
        { "REDIS_URL", "127.0.0.1:1,defaultDatabase=70000" },
        { "REDIS_URL", "127.0.0.1:1,name=has blanks in it" },
        { "REDIS_URL", "127.0.0.1:1,proxy=Martian" },
        { "REDIS_URL", "127.0.0.1:1,protocol=resp9" },
        { "REDIS_URL", "127.0.0.1:1,sslProtocols=Tls99" },
        { "REDIS_URL", "127.0.0.1:1,tunnel=ftp:x" },
        { "REDIS_URL", "127.0.0.1:1,version=x.y" },
        { "REDIS_URL", "127.0.0.1:1,$SETNX=,$GET=" },
        { "REDIS_URL", "127.0.0.1:1,serviceName=mymaster" },
        { "REDIS_URL", "127.0.0.1:1,responseTimeout=-1,syncTimeout=-1,keepAlive=-1,connectRetry=-1,configCheckSeconds=-1" },
        { "REDIS_URL", "redis://127.0.0.1:99999" },
        { "REDIS_URL", "!/nowhere/redis.sock" },
        { "OTEL_EXPORTER_OTLP_HEADERS", "no pair" },
        { "OTEL_EXPORTER_OTLP_PROTOCOL", "carrier-pigeon" },
        { "OTEL_EXPORTER_OTLP_TIMEOUT", "-5" },
        { "OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/ca.pem" },
        { "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "nowhere" },
        { "OTEL_BSP_MAX_QUEUE_SIZE", "0" },
        { "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100000" },
        { "OTEL_BSP_SCHEDULE_DELAY", "-1" },
        { "OTEL_METRIC_EXPORT_INTERVAL", "-1" },
        { "OTEL_METRIC_EXPORT_TIMEOUT", "-2" },
        { "OTEL_TRACES_SAMPLER", "martian" },
        { "OTEL_RESOURCE_ATTRIBUTES", "a=%%%,=,b" },
        { "OTEL_SERVICE_NAME", "=,=" },
        { "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "-1" },
        { "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "x" },
        { "OTEL_METRICS_EXEMPLAR_FILTER", "martian" },
        { "Logging:LogLevel:Default", "Chatty" },
        { "Logging:Console:LogLevel:Default", "Chatty" },
        { "Logging:Console:FormatterName", "martian" },
        { "Logging:Console:FormatterOptions:UseUtcTimestamp", "perhaps" },
        { "Logging:Console:FormatterOptions:TimestampFormat", "%" },
        { "Logging:Console:QueueFullMode", "perhaps" },
        { "Logging:Console:MaxQueueLength", "-1" },
        { "Kestrel:Endpoints:X:Url", "http://127.0.0.1:0/path" },
        { "Kestrel:Endpoints:X:Protocols", "Http9" },
        { "Kestrel:Limits:MaxConcurrentConnections", "-1" },
        { "Kestrel:AddServerHeader", "perhaps" },
        { "ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout", "soon" },
        { "ReverseProxy:Clusters:backend:HttpRequest:Version", "9.9" },
        { "ReverseProxy:Clusters:backend:HttpClient:MaxConnectionsPerServer", "-1" },
        { "ReverseProxy:Clusters:backend:HttpClient:SslProtocols:0", "Tls99" },
        { "ReverseProxy:Clusters:backend:LoadBalancingPolicy", "martian" },
        { "ReverseProxy:Clusters:backend:SessionAffinity:Enabled", "perhaps" },
        { "ReverseProxy:Clusters:backend:HealthCheck:Active:Interval", "-1" },
        { "ReverseProxy:Clusters:other:Destinations:x:Address", "nowhere" },
        { "ReverseProxy:Routes:everything-else:ClusterId", "nowhere" },
        { "ReverseProxy:Routes:everything-else:Match:Path", "{**a}/{**b}" },
        { "ReverseProxy:Routes:everything-else:Transforms:0:Martian", "x" },
        { "PUBLIC_HOST", "fe80::1" },
        { "PUBLIC_HOST", "224.0.0.1" },
        { "PUBLIC_HOST", "1" },
        { "DATA_DIR", "/proc/nowhere" },
        { "DATA_DIR", "/dev/null/x" },
        { "ASPNETCORE_ENVIRONMENT", "../../martian" },
        { "TOKEN_ENCRYPTION_KEYS", "k1:" + "\u200b" },
        { "FATHOM_CLIENT_SECRET", "\u00e4\u200b\t\u00a0" },
        { "BACKEND_URL", "http://[::1" },
        { "BACKEND_URL", "http://256.256.256.256" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_start_with_any_value_serves_or_says_what_to_mend(string name, string value)
    {
        var settings = TestSettings.Embedded(
            ("TOKEN_ENCRYPTION_KEYS", TestSettings.NewKey("k1")),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", name.StartsWith("OTEL_", StringComparison.Ordinal) ? "http://127.0.0.1:9" : null),
            (name, value));
        try
        {
            await using var gateway = await GatewayUnderTest.StartAsync(settings);
            using var answer = await gateway.InternalClient.GetAsync("health/live");
            Assert.True(answer.IsSuccessStatusCode);
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            Assert.True(StartupFailure.IsConfiguration(failure), $"{failure}");
            Assert.True(
                StartupFailure.Explain(failure) is { } told && told.StartsWith("The gateway cannot start: ", StringComparison.Ordinal),
                $"{failure}");
            TestContext.Current.TestOutputHelper?.WriteLine(StartupFailure.Explain(failure)!);
        }
    }
}
