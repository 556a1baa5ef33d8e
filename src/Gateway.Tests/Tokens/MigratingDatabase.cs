using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace FathomGateway.Tests.Tokens;

/// <summary>A database under the stores as the product has it: it brings its schema up to date before the first question.</summary>
internal static class MigratingDatabase
{
    public static Database Of(SqliteFile file) =>
        new SqliteDatabase(file, new SchemaReadiness(file.MigrateAsync, NullLogger<SchemaReadiness>.Instance));

    public static Database Of(PostgresHosts hosts) =>
        new PostgresDatabase(hosts, new SchemaReadiness(() => PostgresMigration.MigrateAsync(hosts), NullLogger<SchemaReadiness>.Instance));
}
