using System.Buffers.Binary;
using System.Reflection;

namespace FathomGateway.Tests.Conventions;

/// <summary>Which methods the compiled code of a type calls.</summary>
internal static class CompiledCalls
{
    /// <summary>The instruction <c>call</c> (ECMA-335, III.3.19); four bytes that name the method follow it.</summary>
    private const byte Call = 0x28;

    /// <summary>
    /// The tables of methods, of members of other assemblies, and of generic methods (ECMA-335, II.22): the first byte of their tokens.
    /// </summary>
    private static readonly int[] Tables = [0x06, 0x0A, 0x2B];

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>
    /// The instructions are not taken apart: each byte that could be a call is looked at. An operand that looks like one by chance would
    /// have to name the very method that is asked for.
    /// </summary>
    public static IEnumerable<MethodBase> Of(Type type) => type.GetMethods(All).SelectMany(Of);

    private static IEnumerable<MethodBase> Of(MethodInfo method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var place = 0; place + sizeof(int) < code.Length; place++)
        {
            if (code[place] == Call && Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(place + 1))) is { } called)
                yield return called;
        }
    }

    private static MethodBase? Resolve(MethodInfo method, int token)
    {
        if (!Tables.Contains(token >> 24)) return null;
        try
        {
            return method.Module.ResolveMethod(token, method.DeclaringType?.GetGenericArguments(), method.GetGenericArguments());
        }
        catch (Exception failure) when (failure is ArgumentException or BadImageFormatException or IOException or TypeLoadException
            or MissingMemberException)
        {
            return null;
        }
    }
}
