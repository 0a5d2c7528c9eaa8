package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Private static synthetic methods that take snippets out of the way: guarded ones, whose frame isn't known where they
 * stand, and those of methods that are too large to hold them.
 *
 * <p>A helper takes the values that only its place has as parameters and pushes all others itself.
 */
final class HelperMethods {
    static final int ACCESS_FLAGS = 0x100A; // private static synthetic

    /** A helper: the snippets that it runs with their values renumbered to its own parameters. */
    record Helper(String name, String descriptor, List<Snippet> body) {}

    private final List<Helper> helpers = new ArrayList<>();
    private final Map<Snippet, Snippet> calls = new IdentityHashMap<>();
    private @Nullable Set<String> takenNames;
    private @Nullable RawClass raw;

    void startClass(RawClass raw) {
        this.raw = raw;
        takenNames = null;
        rollback(0);
    }

    int count() {
        return helpers.size();
    }

    Helper get(int index) {
        return helpers.get(index);
    }

    /** Forgets the helpers from that number on. */
    void rollback(int count) {
        if (helpers.size() > count) {
            helpers.subList(count, helpers.size()).clear();
        }
        calls.clear();
    }

    /** Returns a snippet that has the same effect by calling a helper. */
    Snippet outlined(Snippet snippet) {
        Snippet call = calls.get(snippet);
        if (call == null) {
            call = outlined(List.of(snippet));
            calls.put(snippet, call);
        }
        return call;
    }

    /**
     * Returns one snippet that has the same effect as several, by calling a helper.
     *
     * @param snippets unguarded or all with one guard; only a single one may have a result
     */
    Snippet outlined(List<Snippet> snippets) {
        RawClass raw = this.raw;
        if (raw == null) {
            throw new IllegalStateException("no class started");
        }
        boolean isInterface = (raw.accessFlags() & 0x0200) != 0;
        if (isInterface && raw.majorVersion() < 52) {
            throw DoesNotFit.of(
                    EditRule.VERSION_TOO_OLD,
                    "a helper method in an interface needs class file version 52, this is " + raw.majorVersion());
        }
        List<Value> passed = new ArrayList<>();
        List<Snippet> body = new ArrayList<>();
        StringBuilder descriptor = new StringBuilder("(");
        for (Snippet snippet : snippets) {
            body.add(parameterized(snippet, passed, descriptor));
        }
        Snippet only = snippets.get(0);
        boolean hasResult = only.result() != Snippet.DROPPED;
        descriptor.append(')').append(hasResult ? only.method().returnType() : "V");
        if (Descriptors.parameterSlots(descriptor.toString()) > 255) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "a helper method would take more than 255 parameters");
        }
        Helper helper = new Helper(newName(raw), descriptor.toString(), List.copyOf(body));
        helpers.add(helper);
        Snippet call = Snippet.call(raw.className(), helper.name(), helper.descriptor(), passed.toArray(new Value[0]));
        if (isInterface) {
            call = call.onInterface();
        }
        return call.withResultOf(only);
    }

    private static Snippet parameterized(Snippet snippet, List<Value> passed, StringBuilder descriptor) {
        List<Value> values = new ArrayList<>();
        int type = 1;
        for (Value value : snippet.values()) {
            int next = Descriptors.next(snippet.descriptor(), type);
            if (value.isConstant()) {
                values.add(value);
            } else {
                values.add(Value.parameter(passed.size()));
                passed.add(value);
                descriptor.append(snippet.descriptor(), type, next);
            }
            type = next;
        }
        return snippet.withValues(values);
    }

    private String newName(RawClass raw) {
        Set<String> taken = takenNames;
        if (taken == null) {
            taken = new HashSet<>();
            for (int i = 0; i < raw.methodCount(); i++) {
                taken.add(raw.memberName(raw.method(i)));
            }
            takenNames = taken;
        }
        int number = helpers.size();
        String name = "dvm$" + number;
        while (taken.contains(name)) {
            number++;
            name = "dvm$" + number;
        }
        taken.add(name);
        return name;
    }
}
