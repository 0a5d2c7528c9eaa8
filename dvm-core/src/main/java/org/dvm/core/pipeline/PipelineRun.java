package org.dvm.core.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.ClassWriter;
import org.dvm.core.edit.EditException;
import org.dvm.core.edit.FilterEdits;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.dvm.core.edit.Written;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;
import org.dvm.core.pipeline.TransformResult.Scope;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import proguard.classfile.ProgramClass;

/** One class on its way through a pipeline. Confined to a thread. */
final class PipelineRun implements ClassUnit, TransformContext {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);

    private final TransformPipeline pipeline;
    private final String source;
    private final ClassRepository classes;
    private final List<Finding> findings = new ArrayList<>(0);
    private final List<Note> trail = new ArrayList<>(0);
    private final List<FilterEdits> layers = new ArrayList<>(0);
    private final List<ClassFile> extraClasses = new ArrayList<>(0);

    private @Nullable RawClass raw;
    private @Nullable ProgramClass model;
    private Scope scope = Scope.ANY_SOURCE;
    /** An error was reported: the class fails unless its filter replaces it. */
    private boolean reportedError;

    /** Something failed that no replacement heals. */
    private boolean broken;

    // Of the filter that runs.
    private String label = "";
    private @Nullable ClassEdits edits;
    private byte @Nullable [] replacement;
    private int firstExtra;

    PipelineRun(TransformPipeline pipeline, String source, ClassRepository classes) {
        this.pipeline = pipeline;
        this.source = source;
        this.classes = classes;
    }

    TransformResult run(byte[] classFile) {
        try {
            return check(classFile) ? runFilters(classFile) : standIn(classFile);
        } catch (Throwable e) { // a filter's fault is caught below; this one is ours, or memory is out
            fail(PipelineRule.FILTER_FAILED, "the pipeline failed: " + e);
            return failedResult();
        }
    }

    private boolean check(byte[] classFile) {
        try {
            RawClass parsed = RawClass.parse(classFile);
            raw = parsed;
            if (FormatChecker.isModule(parsed)) {
                FormatChecker.readModule(classFile);
            } else {
                FormatChecker.check(parsed).forEach(this::report);
            }
        } catch (ClassFormatException e) {
            broken = true;
            // Where not even the structure holds, the checker knows what a JVM would complain of first.
            (raw == null ? FormatChecker.examine(classFile, JvmRelease.NEWEST) : e.findings()).forEach(this::report);
        }
        return !failed();
    }

    /** Asks the filters for a class in the place of one that breaks the format. */
    private TransformResult standIn(byte[] classFile) {
        RawClass parsed = raw;
        String own = nameOrNull();
        boolean isModule = parsed != null && FormatChecker.isModule(parsed) || source.endsWith("module-info.class");
        MalformedClass malformed = new MalformedClass(classFile, source, findings);
        for (int i = 0; i < pipeline.filters().size() && !isModule; i++) {
            label = pipeline.labels().get(i);
            byte[] substitute = pipeline.filters().get(i).standIn(malformed);
            if (substitute != null) {
                scope = Scope.THIS_SOURCE;
                String found = checkOutput("the stand-in", substitute);
                if (found != null && (own == null || own.equals(found))) {
                    note("put a class that throws in its place");
                    return TransformResult.of(Status.REPLACED, found, substitute, List.of(), findings, trail, scope);
                }
            }
        }
        return failedResult();
    }

    private TransformResult runFilters(byte[] classFile) {
        if (FormatChecker.isModule(raw())) {
            return result(Status.UNCHANGED, classFile);
        }
        for (int i = 0; i < pipeline.filters().size(); i++) {
            ClassTransformer filter = pipeline.filters().get(i);
            if (!runFilter(filter, pipeline.labels().get(i))) {
                return failedResult();
            }
            byte[] substitute = replacement;
            if (substitute != null) {
                extraClasses.subList(0, firstExtra).clear();
                return result(Status.REPLACED, substitute);
            }
        }
        if (layers.isEmpty()) {
            return result(Status.UNCHANGED, classFile);
        }
        return write(classFile);
    }

    /** Writes what all filters have asked for; filters that insist on what doesn't fit fail the class. */
    private TransformResult write(byte[] classFile) {
        try {
            Written written = ClassWriter.write(raw(), layers);
            findings.addAll(written.findings());
            return result(written.classFile() == classFile ? Status.UNCHANGED : Status.CHANGED, written.classFile());
        } catch (EditException e) {
            e.findings().forEach(this::report);
        } catch (IllegalArgumentException e) {
            fail(PipelineRule.EDITS_FAILED, "what the filters ask for can't be written: " + e.getMessage());
        }
        return failedResult();
    }

    /** Runs one filter; returns whether the class may go on. */
    private boolean runFilter(ClassTransformer filter, String filterLabel) {
        label = filterLabel;
        edits = null;
        firstExtra = extraClasses.size();
        try {
            filter.transform(this, this);
        } catch (Throwable e) { // whatever a filter throws, the class doesn't pass
            LOG.debug("filter {} failed on {}", label, name(), e);
            fail(PipelineRule.FILTER_FAILED, "the filter " + label + " failed: " + e);
            return false;
        }
        ClassEdits asked = edits;
        if (asked != null && !asked.isEmpty()) {
            Overflow overflow = switch (filter.onOverflow()) {
                case FAIL -> Overflow.FAIL;
                case LEAVE_OUT -> Overflow.LEAVE_OUT;
            };
            layers.add(new FilterEdits(label, asked, overflow));
        }
        return replacement != null ? checkReplacement() : !failed();
    }

    /** A replacement heals the errors that its filter reported, if it is sound itself. */
    private boolean checkReplacement() {
        byte[] substitute = requireNonNull(replacement);
        String found = checkOutput("the replacement", substitute);
        if (found != null && !found.equals(name())) {
            fail(PipelineRule.OUTPUT_MALFORMED, "the replacement by " + label + " is another class: " + found);
        }
        reportedError = false;
        return !broken;
    }

    /** Returns the name of a class that a filter hands over; null, with a finding, where it is malformed. */
    private @Nullable String checkOutput(String what, byte[] classFile) {
        try {
            return FormatChecker.read(classFile).className();
        } catch (ClassFormatException e) {
            fail(PipelineRule.OUTPUT_MALFORMED, what + " by " + label + " is malformed: " + e.getMessage());
            return null;
        }
    }

    private boolean failed() {
        return reportedError || broken;
    }

    private void fail(Rule rule, String message) {
        broken = true;
        findings.add(new Finding(rule, Location.ofClass(nameOrNull()), message));
    }

    private TransformResult result(Status status, byte[] output) {
        return TransformResult.of(status, name(), output, extraClasses, findings, trail, scope);
    }

    private TransformResult failedResult() {
        return TransformResult.failed(nameOrNull(), findings, trail, scope);
    }

    private @Nullable String nameOrNull() {
        RawClass parsed = raw;
        try {
            return parsed == null ? null : parsed.className();
        } catch (RuntimeException e) { // what should name it is no name
            return null;
        }
    }

    @Override
    public String name() {
        return raw().className();
    }

    @Override
    public String source() {
        scope = Scope.THIS_SOURCE;
        return source;
    }

    @Override
    public RawClass raw() {
        return requireNonNull(raw);
    }

    @Override
    public ProgramClass model() {
        ProgramClass made = model;
        if (made == null) {
            made = Models.of(raw());
            model = made;
        }
        return made;
    }

    @Override
    public ClassEdits edits() {
        ClassEdits asked = edits;
        if (asked == null) {
            asked = new ClassEdits(raw());
            edits = asked;
        }
        return asked;
    }

    @Override
    public ClassRepository classes() {
        return classes;
    }

    @Override
    public void report(Finding finding) {
        findings.add(requireNonNull(finding, "finding"));
        reportedError |= finding.rule().severity() == Severity.ERROR;
    }

    @Override
    public void note(String what) {
        trail.add(new Note(label, what));
    }

    @Override
    public void replaceClass(byte[] classFile) {
        replacement = requireNonNull(classFile, "classFile");
    }

    @Override
    public void addClass(byte[] classFile) {
        requireNonNull(classFile, "classFile");
        String found = checkOutput("a class added", classFile);
        if (found != null) {
            extraClasses.add(new ClassFile(found, classFile));
        }
    }
}
