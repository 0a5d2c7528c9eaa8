package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.LinkDriverProvider;
import org.dvm.nodeos.link.LinkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the best back end that kernel and privileges offer for a link, and says so in one log line. */
final class BackEnds {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private BackEnds() {}

    /**
     * Opens a link with the first back end that can serve it.
     *
     * @param attach attaches the link to the node by a function that opens its driver
     * @throws LinkException if no back end knows the link or can serve it; the message says what to grant
     */
    static LinkDescription open(String name, Consumer<Function<FrameMemory, LinkDriver>> attach) {
        List<String> skipped = new ArrayList<>();
        for (LinkDriverProvider provider : providers()) {
            for (LinkDescription link : provider.links()) {
                if (link.name().equals(name) && canServe(provider, link, skipped)) {
                    try {
                        attach.accept(frames -> provider.open(link, frames));
                        LOG.info("link {}: back end {}{}", name, provider.backEnd(), because(skipped));
                        return link;
                    } catch (LinkException e) {
                        skipped.add(provider.backEnd() + ": " + e.getMessage());
                    }
                }
            }
        }
        throw new LinkException(
                "no back end can serve link " + name
                        + (skipped.isEmpty() ? "; no back end knows it" : because(skipped)),
                null);
    }

    private static List<LinkDriverProvider> providers() {
        List<LinkDriverProvider> providers = new ArrayList<>();
        ServiceLoader.load(LinkDriverProvider.class, Node.class.getClassLoader())
                .forEach(providers::add);
        providers.sort(Comparator.comparingInt(LinkDriverProvider::preference).reversed());
        return providers;
    }

    private static boolean canServe(LinkDriverProvider provider, LinkDescription link, List<String> skipped) {
        LinkDriverProvider.Availability availability = provider.availability(link);
        if (!availability.usable()) {
            skipped.add(provider.backEnd() + ": " + availability.reason());
        }
        return availability.usable();
    }

    private static String because(List<String> skipped) {
        return skipped.isEmpty() ? "" : " (not " + String.join("; not ", skipped) + ")";
    }
}
