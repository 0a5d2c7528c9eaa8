/** The agent behind its class loader; {@link org.dvm.client.internal.agent.AgentEntry} is where it starts. */
@org.jspecify.annotations.NullMarked
package org.dvm.client.internal.agent;
