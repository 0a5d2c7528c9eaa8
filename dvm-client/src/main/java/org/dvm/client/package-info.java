/**
 * Running code under control on this machine: {@link org.dvm.client.RewritingClassLoader} for programs that embed it;
 * the agent, {@code -javaagent:dvm-agent.jar=services=...}, for everything else.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.client;
