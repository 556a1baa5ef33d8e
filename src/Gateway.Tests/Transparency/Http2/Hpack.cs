using System.Text;

namespace FathomGateway.Tests.Transparency.Http2;

/// <summary>
/// As much of HPACK (RFC 7541) as exact bytes need: fields are written as literals without an index, so that every byte stands as it was
/// given; fields are read without a dynamic table (the client's settings forbid one) and without Huffman coding, which the server does not
/// use.
/// </summary>
internal static class Hpack
{
    public static byte[] Encode(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            Write(block, name);
            Write(block, value);
        }

        return [.. block];
    }

    /// <summary>A literal that enters the dynamic table of whoever reads it (RFC 7541, section 6.2.1).</summary>
    public static byte[] EncodeIntoTable(string name, string value)
    {
        var block = new List<byte> { 0x40 };
        Write(block, name);
        Write(block, value);
        return [.. block];
    }

    public static List<KeyValuePair<string, string>> Decode(ReadOnlySpan<byte> block)
    {
        var fields = new List<KeyValuePair<string, string>>();
        while (!block.IsEmpty)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                var (name, value) = StaticTable.Entry(Number(ref block, 7));
                fields.Add(new(name, value));
            }
            else if ((first & 0xE0) == 0x20)
            {
                Number(ref block, 5); // a change of the dynamic table's size, which is 0
            }
            else
            {
                var known = Number(ref block, (first & 0x40) != 0 ? 6 : 4);
                var name = known == 0 ? Literal(ref block) : StaticTable.Entry(known).Name;
                fields.Add(new(name, Literal(ref block)));
            }
        }

        return fields;
    }

    private static void Write(List<byte> block, string text)
    {
        var length = text.Length;
        if (length < 127)
        {
            block.Add((byte)length);
        }
        else
        {
            block.Add(127);
            for (length -= 127; length >= 128; length >>= 7) block.Add((byte)(length | 128));
            block.Add((byte)length);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private static int Number(ref ReadOnlySpan<byte> block, int bits)
    {
        var largest = (1 << bits) - 1;
        var number = block[0] & largest;
        block = block[1..];
        if (number < largest) return number;
        for (var shift = 0; ; shift += 7)
        {
            var next = block[0];
            block = block[1..];
            number += (next & 127) << shift;
            if (next < 128) return number;
        }
    }

    private static string Literal(ref ReadOnlySpan<byte> block)
    {
        if ((block[0] & 0x80) != 0) throw new NotSupportedException("A Huffman-coded literal.");
        var length = Number(ref block, 7);
        var text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }
}
