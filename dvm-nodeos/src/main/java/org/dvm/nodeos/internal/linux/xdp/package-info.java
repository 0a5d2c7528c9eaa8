/**
 * The AF_XDP back end and the XDP cut-through: sockets over shared frame memory, and the one program of an interface
 * that forwards cut-through frames itself and redirects the rest to the sockets.
 */
@NullMarked
package org.dvm.nodeos.internal.linux.xdp;

import org.jspecify.annotations.NullMarked;
