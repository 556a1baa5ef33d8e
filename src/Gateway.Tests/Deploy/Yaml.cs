using YamlDotNet.RepresentationModel;

namespace FathomGateway.Tests.Deploy;

/// <summary>Looks into YAML by paths such as <c>services/gateway/ports</c>; a number is a place in a list.</summary>
internal static class Yaml
{
    public static YamlNode Load(params string[] path) => Parse(Installed.Read(path));

    public static YamlNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Single().RootNode;
    }

    /// <summary>The node at the path, or null.</summary>
    public static YamlNode? At(this YamlNode node, string path) => path.Split('/').Aggregate((YamlNode?)node, (at, step) => at switch
    {
        YamlMappingNode map => map.Children.TryGetValue(new YamlScalarNode(step), out var child) ? child : null,
        YamlSequenceNode list when int.TryParse(step, out var place) => list.Children.ElementAtOrDefault(place),
        _ => null,
    });

    /// <summary>The text at the path, or null.</summary>
    public static string? Text(this YamlNode node, string path) => (node.At(path) as YamlScalarNode)?.Value;

    public static IEnumerable<string> Keys(this YamlNode? node) =>
        node is YamlMappingNode map ? map.Children.Keys.Select(key => ((YamlScalarNode)key).Value!) : [];

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node is YamlSequenceNode list ? list.Children : [];
}
