/** What shares are worth on real links and real threads: Table 2 of the paper. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.shares;
