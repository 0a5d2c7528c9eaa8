package org.dvm.security;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.PolicyException;
import org.dvm.security.policy.PolicyReader;
import org.jspecify.annotations.Nullable;

/**
 * A policy that was read, with what its operations are known by.
 *
 * @param policy the policy
 * @param operationsKey changes with the operations, and so with what classes are rewritten to
 * @param operationsElsewhere whether it has operations of other classes than the JDK's
 * @param files the files that it was read from; whoever changes them changes the policy
 */
record PolicyInForce(Policy policy, String operationsKey, boolean operationsElsewhere, List<Path> files) {
    private static final String STANDARD = "standard:";

    PolicyInForce {
        files = List.copyOf(files);
    }

    /** Returns a policy that was made in this process. */
    static PolicyInForce of(Policy policy) {
        return of(policy, List.of());
    }

    private static PolicyInForce of(Policy policy, List<Path> files) {
        Policy operations = new Policy(
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                policy.operations(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return new PolicyInForce(
                policy,
                Long.toHexString(StartCache.digest(PolicyCodec.encode(operations))),
                !OperationIndex.ofApplications(policy).owners().isEmpty(),
                files);
    }

    /**
     * Reads a policy by the name that users give, from the cache if its files say byte for byte what they said when it
     * was put there.
     *
     * @throws IllegalArgumentException if there is none, or something is wrong in it; the message says where and the cure
     */
    static PolicyInForce read(String name, @Nullable StartCache cache) {
        if (cache == null) {
            return readSlowly(name, new ArrayList<>());
        }
        String where = name.startsWith(STANDARD)
                ? name
                : Path.of(name).toAbsolutePath().toString();
        String place = "policy-".concat(Long.toHexString(StartCache.digest(where.getBytes(StandardCharsets.UTF_8))));
        byte[] file = cache.read(place);
        PolicyInForce known = file == null ? null : decode(file, where);
        if (known != null) {
            return known;
        }
        List<PolicyReader.Source> sources = new ArrayList<>();
        PolicyInForce read = readSlowly(name, sources);
        cache.write(place, encode(where, read, sources));
        return read;
    }

    private static PolicyInForce readSlowly(String name, List<PolicyReader.Source> sources) {
        if (name.startsWith(STANDARD)) {
            return of(SecurityService.policy(name));
        }
        try {
            Policy policy = PolicyReader.read(Path.of(name).toAbsolutePath(), sources::add);
            return of(policy, sources.stream().map(PolicyReader.Source::real).toList());
        } catch (IOException e) {
            throw new IllegalArgumentException("the policy can't be read: " + e, e);
        } catch (PolicyException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static byte[] encode(String where, PolicyInForce policy, List<PolicyReader.Source> sources) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            writeBytes(out, where.getBytes(StandardCharsets.UTF_8));
            out.writeInt(sources.size());
            for (PolicyReader.Source source : sources) {
                writeBytes(out, source.named().toString().getBytes(StandardCharsets.UTF_8));
                writeBytes(out, source.real().toString().getBytes(StandardCharsets.UTF_8));
                writeBytes(out, source.text());
            }
            writeBytes(out, policy.operationsKey.getBytes(StandardCharsets.UTF_8));
            out.writeInt(policy.operationsElsewhere ? 1 : 0);
            out.write(PolicyCodec.encode(policy.policy));
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory refused a write", e);
        }
        return bytes.toByteArray();
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Returns what stands in a cached file; null if it is another policy's, or its files say something else now. */
    private static @Nullable PolicyInForce decode(byte[] file, String where) {
        StartCache.Cursor in = new StartCache.Cursor(file, StartCache.contentOffset());
        if (!readText(in).equals(where)) {
            return null; // digests of two names may meet
        }
        List<Path> files = new ArrayList<>();
        try {
            for (int sources = in.u4(); sources > 0; sources--) {
                Path named = Path.of(readText(in));
                Path real = Path.of(readText(in));
                int length = in.u4();
                int at = in.at();
                in.skip(length);
                byte[] now = Files.readAllBytes(real);
                if (!named.toRealPath().equals(real) || !Arrays.equals(now, 0, now.length, file, at, at + length)) {
                    return null;
                }
                files.add(real);
            }
        } catch (IOException e) {
            return null; // the reader says what is wrong
        }
        String operationsKey = readText(in);
        boolean elsewhere = in.u4() == 1;
        return new PolicyInForce(PolicyCodec.decode(in), operationsKey, elsewhere, files);
    }

    private static String readText(StartCache.Cursor in) {
        return new String(in.bytes(in.u4()), StandardCharsets.UTF_8);
    }
}
