package org.dvm.core.edit;

/**
 * A static boolean field that tells whether a snippet has run: the snippet becomes
 * {@code if (!owner.name) { snippet; owner.name = true; }}.
 *
 * <p>Snippets at one place that share a guard are put behind one test and the field is set after the last of them.
 *
 * @param owner internal name of the class that holds the field; it must be accessible from the edited class
 * @param name name of the field, of type boolean
 * @paper DVM figure 3
 */
public record OnceGuard(String owner, String name) {}
