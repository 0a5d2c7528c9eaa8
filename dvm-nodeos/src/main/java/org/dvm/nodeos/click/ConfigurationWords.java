package org.dvm.nodeos.click;

import java.util.List;

/** Splits arguments into words, for elements whose arguments have a language of their own. */
public final class ConfigurationWords {
    private ConfigurationWords() {}

    /** Returns the words of an argument: what stands between white space, quotes kept together. */
    public static List<String> of(String argument) {
        return ConfigurationStrings.words(argument);
    }
}
