/** What shares and walls are worth on real links and real threads: Table 2 of the paper, and domains that misbehave. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.shares;
