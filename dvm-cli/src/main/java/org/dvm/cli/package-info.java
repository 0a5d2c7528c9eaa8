/** The {@code dvm} command: each subcommand is one class that calls the modules and shows what they return. */
@org.jspecify.annotations.NullMarked
package org.dvm.cli;
