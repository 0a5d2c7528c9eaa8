package org.dvm.jmh.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where charts are drawn to.
 *
 * @param directory null for nowhere
 */
record Charts(@Nullable Path directory) {
    static final Charts NONE = new Charts(null);

    /** Writes a chart as SVG under its name. */
    void draw(Chart chart) throws IOException {
        if (directory != null) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(chart.name() + ".svg"), chart.toSvg());
        }
    }
}
