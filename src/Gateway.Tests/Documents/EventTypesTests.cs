using System.Text.Json;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tokens;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The types of events that the descriptions list are those of the code.</summary>
public sealed partial class EventTypesTests
{
    private static readonly string[] Types = [.. typeof(ConnectionEventType).GetFields()
        .Select(field => (string)field.GetRawConstantValue()!)
        .Order(StringComparer.Ordinal)];

    [Fact]
    public void The_description_of_the_internal_listener_has_each_type_of_event_and_no_other()
    {
        var described = JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Gateway, "Internal", "openapi.json")))
            .GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("Event")
            .GetProperty("properties")
            .GetProperty("type")
            .GetProperty("enum")
            .EnumerateArray()
            .Select(type => type.GetString()!);

        Assert.Equal(Types, described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_for_the_backend_has_each_type_of_event_and_no_other()
    {
        var rows = Row().Matches(new Document("docs/backend.md").Text).Select(row => row.Groups[1].Value);

        Assert.Equal(Types, rows.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `(connection\.\w+)` \| ", RegexOptions.Multiline)]
    private static partial Regex Row();
}
