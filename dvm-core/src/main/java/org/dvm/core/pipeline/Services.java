package org.dvm.core.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The services that stand on a path, by name. Agent, Maven plugin and command line make their pipelines here, so that
 * names and options mean the same everywhere.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Services {
    private final TreeMap<String, Service> byName;

    private Services(TreeMap<String, Service> byName) {
        this.byName = byName;
    }

    /** Finds the services that a class loader sees. Of two with one name the first on its path counts. */
    public static Services load(ClassLoader loader) {
        requireNonNull(loader, "loader");
        List<Service> found = new ArrayList<>();
        for (Service service : ServiceLoader.load(Service.class, loader)) {
            found.add(service);
        }
        return of(found);
    }

    /** Returns these services. Of two with one name the first counts. */
    public static Services of(List<Service> services) {
        TreeMap<String, Service> byName = new TreeMap<>();
        for (Service service : services) {
            byName.putIfAbsent(service.name(), service);
        }
        return new Services(byName);
    }

    /** Returns the services in order of their names. */
    public List<Service> all() {
        return List.copyOf(byName.values());
    }

    /** Returns the names in order. */
    public Set<String> names() {
        return new LinkedHashSet<>(byName.keySet());
    }

    /** Returns those of the named services that an agent starts by themselves, in that order. */
    public List<AgentService> agentServices(List<String> names) {
        List<AgentService> found = new ArrayList<>();
        for (String name : names) {
            if (byName.get(name) instanceof AgentService service) {
                found.add(service);
            }
        }
        return found;
    }

    /**
     * Finds what is wrong with services and options that an agent is to be started with.
     *
     * @param names of services, in the order in which they look at a class
     * @param options by service and name, such as {@code security.policy -> policy.xml}
     * @throws IllegalArgumentException as for {@link #pipeline}, here with the options that services have in an agent
     */
    public void checkAgent(List<String> names, Map<String, String> options) {
        List<String> filters = new ArrayList<>(names);
        Map<String, String> filterOptions = new HashMap<>(options);
        for (AgentService service : agentServices(names)) {
            String prefix = service.name() + ".";
            Map<String, String> own = new HashMap<>();
            options.forEach((name, value) -> {
                if (name.startsWith(prefix)) {
                    own.put(name.substring(prefix.length()), value);
                    filterOptions.remove(name);
                }
            });
            service.check(own);
            filters.remove(service.name());
        }
        pipeline(filters, filterOptions);
    }

    /**
     * Returns the pipeline of the named services.
     *
     * @param names of services, in the order in which they look at a class
     * @param options by service and name, such as {@code audit.spec -> com.acme.**}
     * @throws IllegalArgumentException if there is no such service, or an option is wrong or belongs to a service that
     *     isn't named; the message says the cure
     */
    public TransformPipeline pipeline(List<String> names, Map<String, String> options) {
        Map<String, Map<String, String>> byService = new HashMap<>();
        options.forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (dot <= 0) {
                throw new IllegalArgumentException("an option is SERVICE.NAME=VALUE: " + key + "=" + value);
            }
            byService
                    .computeIfAbsent(key.substring(0, dot), service -> new HashMap<>())
                    .put(key.substring(dot + 1), value);
        });
        List<ClassTransformer> filters = new ArrayList<>();
        for (String name : names) {
            Service service = byName.get(name);
            if (service == null) {
                throw new IllegalArgumentException("no such service: " + name + "; there are " + byName.keySet());
            }
            @Nullable Map<String, String> own = byService.get(name);
            filters.add(service.transformer(own == null ? Map.of() : Map.copyOf(own)));
        }
        Set<String> unused = new TreeSet<>(byService.keySet());
        names.forEach(unused::remove);
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(
                    "options for services that are not asked for: " + unused + "; services=" + names);
        }
        return TransformPipeline.of(filters);
    }
}
