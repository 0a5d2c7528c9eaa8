package org.dvm.jmh.security;

import java.io.FilePermission;
import java.net.NetPermission;
import java.security.Permission;
import java.security.Permissions;
import java.security.Policy;
import java.security.ProtectionDomain;

/** Gives OpenSearch's agent a policy: by reflection, for the agent's classes are on the boot class path of its JVM. */
@SuppressWarnings("removal") // what the agent asks for
final class OpenSearchPolicy extends Policy {
    private final Permissions permissions = new Permissions();

    private OpenSearchPolicy() {
        permissions.add(new FilePermission("<<ALL FILES>>", "read"));
        permissions.add(new NetPermission("accessUnixDomainSocket"));
    }

    static void set() {
        try {
            Class.forName("org.opensearch.javaagent.bootstrap.AgentPolicy")
                    .getMethod("setPolicy", Policy.class)
                    .invoke(null, new OpenSearchPolicy());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("OpenSearch's agent has no policy to set", e);
        }
    }

    @Override
    public boolean implies(ProtectionDomain domain, Permission permission) {
        return permissions.implies(permission);
    }
}
