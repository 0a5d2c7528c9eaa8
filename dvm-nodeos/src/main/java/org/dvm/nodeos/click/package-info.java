/**
 * Click channels: the Click configuration language and the elements of its IP router.
 *
 * <p>A configuration is text: declarations and connections of elements. {@link ClickConfiguration#parse} reads it and
 * expands compound elements; a router is then made of it, with push and pull ports checked by Click's rules.
 *
 * <p>Source: E. Kohler et al., The Click Modular Router, ACM TOCS 18(3), 2000, and the language's manual page.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.nodeos.click;
