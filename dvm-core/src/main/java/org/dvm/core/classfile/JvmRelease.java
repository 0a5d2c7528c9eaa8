package org.dvm.core.classfile;

import static java.util.Objects.requireNonNull;

/**
 * A JVM by its feature release: which class file versions it accepts, and by which release's rules it checks them.
 *
 * @param feature the feature release, such as 25; of Java 1.1 to 1.4 the digit after the point
 * @param preview what it says to class files that depend on preview features
 * @jvms 4.1
 */
public record JvmRelease(int feature, Preview preview) {
    /** The newest release that this library knows; takes preview features of all releases. */
    public static final JvmRelease NEWEST = new JvmRelease(26, Preview.OF_ANY_RELEASE);

    private static final int FIRST_MAJOR = 45;
    private static final int MAJOR_OF_FEATURE_0 = 44;
    private static final int FIRST_MAJOR_WITHOUT_FREE_MINOR = 56;
    private static final int PREVIEW_MINOR = 0xffff;

    /** What a JVM says to class files that depend on preview features. */
    public enum Preview {
        /** It refuses them: {@code --enable-preview} isn't given. */
        DISABLED,
        /** It takes those of its own release. */
        ENABLED,
        /** Taken whatever the release: for tools that pass classes on to JVMs they don't know. */
        OF_ANY_RELEASE
    }

    /** Checks the feature release. */
    public JvmRelease {
        requireNonNull(preview, "preview");
        if (feature < 1 || feature > 26) {
            throw new IllegalArgumentException("feature must be from 1 to 26: feature=" + feature);
        }
    }

    /** Returns a release without preview features. */
    public static JvmRelease of(int feature) {
        return new JvmRelease(feature, Preview.DISABLED);
    }

    /** Returns the highest major version that this release accepts. */
    public int maxMajorVersion() {
        return feature + MAJOR_OF_FEATURE_0;
    }

    /** Returns whether this release loads class files of that version. */
    public boolean accepts(int majorVersion, int minorVersion) {
        if (majorVersion < FIRST_MAJOR || majorVersion > maxMajorVersion()) {
            return false;
        }
        if (majorVersion < FIRST_MAJOR_WITHOUT_FREE_MINOR || minorVersion == 0) {
            return true;
        }
        if (minorVersion != PREVIEW_MINOR) {
            return false;
        }
        return preview == Preview.OF_ANY_RELEASE || preview == Preview.ENABLED && majorVersion == maxMajorVersion();
    }

    /** Returns why this release refuses that version, and what to do. */
    String whyRefused(int majorVersion, int minorVersion) {
        String version = "version " + majorVersion + "." + minorVersion;
        if (majorVersion < FIRST_MAJOR) {
            return version + " never existed: the first is 45";
        }
        if (majorVersion > maxMajorVersion()) {
            return version + " is newer than Java " + feature + " (" + maxMajorVersion() + "): compile with --release "
                    + feature + " or run on a newer JVM";
        }
        if (minorVersion != PREVIEW_MINOR) {
            return version + " must have the minor version 0 or 65535";
        }
        return majorVersion == maxMajorVersion()
                ? version + " depends on preview features: start the JVM with --enable-preview"
                : version + " depends on preview features of Java " + (majorVersion - MAJOR_OF_FEATURE_0)
                        + ", which no other release has: recompile";
    }
}
