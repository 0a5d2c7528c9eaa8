/** Writing JSON without a library: {@link org.dvm.runtime.json.JsonText}. */
@org.jspecify.annotations.NullMarked
package org.dvm.runtime.json;
