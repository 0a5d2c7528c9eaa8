/** What the checks of the security service cost, beside the Security Manager and OpenSearch's agent. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.security;
