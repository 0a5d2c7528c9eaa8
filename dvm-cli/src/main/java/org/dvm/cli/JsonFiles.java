package org.dvm.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what the collectors wrote. */
final class JsonFiles {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonFiles() {}

    /** Returns the innermost objects of a file, in order, with their values as text. */
    static List<Map<String, String>> objects(Path file) throws IOException {
        List<Map<String, String>> objects = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(file.toFile())) {
            Map<String, String> object = new LinkedHashMap<>();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    object = new LinkedHashMap<>();
                } else if (token == JsonToken.END_OBJECT && !object.isEmpty()) {
                    objects.add(object);
                    object = new LinkedHashMap<>();
                } else if (token.isScalarValue()) {
                    String name = parser.currentName();
                    if (name != null) {
                        object.put(name, parser.getText());
                    }
                }
            }
        }
        return objects;
    }
}
