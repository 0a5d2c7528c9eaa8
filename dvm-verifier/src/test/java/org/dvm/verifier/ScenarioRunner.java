package org.dvm.verifier;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Runs {@code app.Client.main} of each directory in a loader of its own and prints what it ended with. */
final class ScenarioRunner {
    private ScenarioRunner() {}

    public static void main(String[] directories) throws Exception {
        for (String directory : directories) {
            URL[] place = {Path.of(directory).toUri().toURL()};
            try (URLClassLoader loader = new URLClassLoader(place, ScenarioRunner.class.getClassLoader())) {
                System.out.println(run(loader));
            }
        }
    }

    private static String run(ClassLoader loader) {
        try {
            Class.forName("app.Client", true, loader).getMethod("main").invoke(null);
            return "fine";
        } catch (java.lang.reflect.InvocationTargetException e) {
            return e.getTargetException().getClass().getName();
        } catch (ReflectiveOperationException | LinkageError e) {
            return e.getClass().getName();
        }
    }
}
