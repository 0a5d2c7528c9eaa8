/** The element classes of configurations; each is one class that does one thing to packets. */
@org.jspecify.annotations.NullMarked
package org.dvm.nodeos.click.internal;
