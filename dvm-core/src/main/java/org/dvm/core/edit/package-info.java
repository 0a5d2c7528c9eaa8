/**
 * Edits: what filters ask to be changed in a class, in Java terms, and the one pass that writes it.
 *
 * <p>A filter looks at the original class and asks {@link org.dvm.core.edit.ClassEdits} for insertions. Nothing is
 * changed until all filters have asked; then the class is written once. Inserted code is invisible to other filters.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.core.edit;
