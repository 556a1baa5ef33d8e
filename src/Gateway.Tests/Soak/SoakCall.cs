namespace FathomGateway.Tests.Soak;

/// <summary>A step of proxied requests at one gateway, with the ids of all that it has sent.</summary>
internal sealed class SoakCall(SoakReplica at, Random random)
{
    private readonly List<string> _ids = [];

    public SoakReplica At => at;

    public IReadOnlyList<string> Ids => _ids;

    public int Number(int least, int most) => random.Next(least, most + 1);

    public bool IsOneIn(int number) => random.Next(number) == 0;

    public T Pick<T>(params ReadOnlySpan<T> all) => all[random.Next(all.Length)];

    public SoakRequest Create(string kind, int sent = 0, int length = 0, string variant = "-")
    {
        var request = SoakRequest.Create(kind, sent, length, variant);
        _ids.Add(request.Id);
        return request;
    }
}
