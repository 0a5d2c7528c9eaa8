package org.dvm.client.internal;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;

/**
 * The classes that each class loader offers as resources; no loader is kept alive by it.
 *
 * <p><b>Threads:</b> safe to share.
 */
public final class LoaderClasses {
    private final Map<ClassLoader, ClassRepository> repositories = Collections.synchronizedMap(new WeakHashMap<>());
    private final ClassRepository boot = ClassRepositories.loader(null);

    /** Makes an empty table. */
    public LoaderClasses() {}

    /** Returns the classes of a loader, null for the boot loader. */
    public ClassRepository of(@Nullable ClassLoader loader) {
        return loader == null
                ? boot
                : repositories.computeIfAbsent(loader, key -> ClassRepositories.loader(new WeakView(key)));
    }

    /** Gives a loader's resources while the loader lives. */
    private static final class WeakView extends ClassLoader {
        private final WeakReference<ClassLoader> loader;

        WeakView(ClassLoader loader) {
            super(null);
            this.loader = new WeakReference<>(loader);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            ClassLoader target = loader.get();
            return target == null ? null : target.getResourceAsStream(name);
        }
    }
}
