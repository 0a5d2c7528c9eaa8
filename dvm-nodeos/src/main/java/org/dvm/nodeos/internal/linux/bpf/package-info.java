/**
 * eBPF from Java: an assembler with labels ({@link org.dvm.nodeos.internal.linux.bpf.BpfAssembler}), maps, loading with
 * the verifier's log, test runs and XDP links.
 */
@NullMarked
package org.dvm.nodeos.internal.linux.bpf;

import org.jspecify.annotations.NullMarked;
