package org.dvm.security.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Patterns;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Which object a named resource is: patterns compiled to hash tables, so that a look-up costs a few probes however many
 * patterns there are - one a directory level for files, one a label for hosts, one a prefix length for names.
 */
final class Labels {
    private final Map<String, Resource> files = new HashMap<>();
    private final Map<String, Resource> directoryEntries = new HashMap<>();
    private final Map<String, Resource> trees = new HashMap<>();
    private final Map<String, List<HostPattern>> hostNames = new HashMap<>();
    private final Map<String, List<HostPattern>> hostSuffixes = new HashMap<>();
    private final TreeMap<Integer, Map<String, List<HostPattern>>> networks =
            new TreeMap<>(java.util.Comparator.reverseOrder());
    private final List<HostPattern> anyHost = new ArrayList<>();
    private final Map<ResourceKind, Names> names = new EnumMap<>(ResourceKind.class);

    /** A host pattern with one range of its ports. */
    private record HostPattern(Resource resource, int lowest, int highest) {
        boolean covers(int port) {
            return port == -1 || (lowest <= port && port <= highest);
        }

        int width() {
            return highest - lowest;
        }
    }

    /** Names and prefixes of one kind. */
    private static final class Names {
        private final Map<String, Resource> exact = new HashMap<>();
        private final TreeMap<Integer, Map<String, Resource>> prefixes =
                new TreeMap<>(java.util.Comparator.reverseOrder());

        void add(Resource resource) {
            String pattern = resource.pattern();
            if (pattern.endsWith("*")) {
                String prefix = pattern.substring(0, pattern.length() - 1);
                prefixes.computeIfAbsent(prefix.length(), n -> new HashMap<>()).putIfAbsent(prefix, resource);
            } else {
                exact.putIfAbsent(pattern, resource);
            }
        }

        @Nullable
        Resource find(String name) {
            Resource found = exact.get(name);
            if (found != null) {
                return found;
            }
            for (Map.Entry<Integer, Map<String, Resource>> length : prefixes.entrySet()) {
                if (length.getKey() <= name.length()) {
                    found = length.getValue().get(name.substring(0, length.getKey()));
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        }
    }

    Labels(Policy policy) {
        for (Resource resource : policy.resources()) {
            switch (resource.kind()) {
                case FILE -> addFile(resource);
                case HOST -> addHost(resource);
                case NONE -> throw new IllegalArgumentException("a pattern without a kind: " + resource);
                case PROPERTY, ENVIRONMENT, CLASS, NAME ->
                    names.computeIfAbsent(resource.kind(), k -> new Names()).add(resource);
            }
        }
    }

    private void addFile(Resource resource) {
        String pattern = Patterns.expand(resource.pattern());
        String directory = real(Patterns.directory(pattern));
        Map<String, Resource> table =
                pattern.endsWith("/**") ? trees : pattern.endsWith("/*") ? directoryEntries : files;
        table.putIfAbsent(directory, resource);
    }

    /** Follows the links in a pattern's directory, since resources' names come with links followed. */
    private static String real(String directory) {
        Path path = Path.of(directory.isEmpty() ? "/" : directory).normalize();
        Path missing = Path.of("");
        for (Path existing = path; existing != null; existing = existing.getParent()) {
            try {
                Path found = existing.toRealPath().resolve(missing);
                return found.toString();
            } catch (IOException e) {
                Path name = existing.getFileName();
                if (name != null) {
                    missing = name.resolve(missing);
                }
            }
        }
        return path.toString();
    }

    private void addHost(Resource resource) {
        for (int[] range : Patterns.ports(resource.ports())) {
            HostPattern pattern = new HostPattern(resource, range[0], range[1]);
            String name = resource.pattern().toLowerCase(java.util.Locale.ROOT);
            Optional<Patterns.Network> network = Patterns.network(name);
            if (network.isPresent()) {
                byte[] address = new byte[network.get().address().size()];
                for (int i = 0; i < address.length; i++) {
                    address[i] = network.get().address().get(i);
                }
                networks.computeIfAbsent(
                                network.get().bits() + (address.length == 16 ? 1_000 : 0), b -> new HashMap<>())
                        .computeIfAbsent(prefix(address, network.get().bits()), p -> new ArrayList<>())
                        .add(pattern);
            } else if (name.equals("*")) {
                anyHost.add(pattern);
            } else if (name.startsWith("*.")) {
                hostSuffixes
                        .computeIfAbsent(name.substring(2), n -> new ArrayList<>())
                        .add(pattern);
            } else {
                hostNames.computeIfAbsent(name, n -> new ArrayList<>()).add(pattern);
            }
        }
    }

    /** Returns the pattern that says which object a resource is; null if there is none. */
    @Nullable
    Resource find(ResourceKind kind, String resource) {
        return switch (kind) {
            case NONE -> null;
            case FILE -> findFile(resource);
            case HOST -> findHost(resource);
            case PROPERTY, ENVIRONMENT, CLASS, NAME -> {
                Names table = names.get(kind);
                yield table == null ? null : table.find(resource);
            }
        };
    }

    private @Nullable Resource findFile(String path) {
        Resource found = files.get(path);
        if (found == null) {
            found = trees.get(path);
        }
        boolean direct = true;
        for (String directory = parent(path); found == null && directory != null; directory = parent(directory)) {
            if (direct) {
                found = directoryEntries.get(directory);
                direct = false;
            }
            if (found == null) {
                found = trees.get(directory);
            }
        }
        return found;
    }

    private static @Nullable String parent(String path) {
        int slash = path.lastIndexOf(java.io.File.separatorChar);
        if (slash < 0 || path.length() == 1) {
            return null;
        }
        return slash == 0 ? path.substring(0, 1) : path.substring(0, slash);
    }

    /** Finds an end point given as {@code name/address:port}. */
    private @Nullable Resource findHost(String endPoint) {
        int slash = endPoint.indexOf('/');
        int colon = endPoint.lastIndexOf(':');
        if (slash < 0 || colon < slash) {
            return null;
        }
        int port = Integer.parseInt(endPoint.substring(colon + 1));
        String name = endPoint.substring(0, slash);
        String address = endPoint.substring(slash + 1, colon);
        if (address.isEmpty() && Patterns.network(name).isPresent()) {
            address = name; // an address was given where a name could have been
        }
        Resource found = address.isEmpty() ? null : findNetwork(address, port);
        if (found == null) {
            found = findHostName(name.toLowerCase(java.util.Locale.ROOT), port);
        }
        return found != null ? found : narrowest(anyHost, port);
    }

    private @Nullable Resource findNetwork(String literal, int port) {
        byte[] address = bytes(literal);
        for (Map.Entry<Integer, Map<String, List<HostPattern>>> length : networks.entrySet()) {
            int bits = length.getKey() >= 1_000 ? length.getKey() - 1_000 : length.getKey();
            boolean sameFamily = address.length == 16 == length.getKey() >= 1_000;
            List<HostPattern> patterns = sameFamily ? length.getValue().get(prefix(address, bits)) : null;
            Resource found = patterns == null ? null : narrowest(patterns, port);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Resource findHostName(String name, int port) {
        List<HostPattern> exact = hostNames.get(name);
        Resource found = exact == null ? null : narrowest(exact, port);
        for (int dot = name.indexOf('.'); found == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            List<HostPattern> suffix = hostSuffixes.get(name.substring(dot + 1));
            found = suffix == null ? null : narrowest(suffix, port);
        }
        return found;
    }

    /** Without a port, it is the host as a whole that is meant: then the widest range counts. */
    private static @Nullable Resource narrowest(List<HostPattern> patterns, int port) {
        HostPattern best = null;
        for (HostPattern pattern : patterns) {
            boolean better =
                    best == null || (port == -1 ? pattern.width() > best.width() : pattern.width() < best.width());
            if (better && pattern.covers(port)) {
                best = pattern;
            }
        }
        return best == null ? null : best.resource();
    }

    private static byte[] bytes(String literal) {
        try {
            int scope = literal.indexOf('%');
            return InetAddress.getByName(scope < 0 ? literal : literal.substring(0, scope))
                    .getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + literal, e);
        }
    }

    private static String prefix(byte[] address, int bits) {
        char[] prefix = new char[(bits + 7) / 8];
        for (int i = 0; i < prefix.length; i++) {
            int kept = Math.min(8, bits - i * 8);
            prefix[i] = (char) (address[i] & (0xFF << (8 - kept)) & 0xFF);
        }
        return new String(prefix);
    }
}
