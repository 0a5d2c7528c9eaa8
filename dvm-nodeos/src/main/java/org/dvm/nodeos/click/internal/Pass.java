package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.click.Element;

/** Null: passes packets on unchanged. */
final class Pass extends Element {
    @Override
    public String className() {
        return "Null";
    }
}
