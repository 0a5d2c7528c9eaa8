/** What verification costs, beside other verifiers, and how much of it is left for the client. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.verification;
