namespace FathomGateway.Limits.Connections;

/// <summary>The open connections of the public listener. Adding and removing take constant time.</summary>
internal sealed class OpenConnections
{
    private readonly Lock _gate = new();
    private readonly List<ClientConnection> _connections = [];

    public void Add(ClientConnection connection)
    {
        lock (_gate)
        {
            connection.Index = _connections.Count;
            _connections.Add(connection);
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (_gate)
        {
            var last = _connections[^1];
            (_connections[connection.Index], last.Index) = (last, connection.Index);
            _connections.RemoveAt(_connections.Count - 1);
        }
    }

    public void CopyTo(List<ClientConnection> list)
    {
        lock (_gate) list.AddRange(_connections);
    }
}
