package org.dvm.core.jar;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.jar.RewriteReport.Counts;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;

/** Gathers a report in the order of the entries. Confined to a thread. */
final class ReportBuilder {
    private static final int MAX_FINDINGS = 10_000;

    private final String name;
    private final List<ClassReport> classes = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> signaturesDropped = new ArrayList<>();
    private final List<RewriteReport> nested = new ArrayList<>();
    private long findingsOmitted;
    private boolean moduleExtended;
    private long classesIn;
    private long classesOut;
    private long changed;
    private long replaced;
    private long added;
    private long failed;
    private long classBytesIn;
    private long classBytesOut;

    ReportBuilder(String name) {
        this.name = name;
    }

    void find(Finding finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
        } else {
            findingsOmitted++;
        }
    }

    void find(ArchiveRule rule, String source, String message) {
        find(new Finding(rule, new Location(source, null, null, -1, -1), message));
    }

    void signatureDropped(String entry) {
        signaturesDropped.add(entry);
    }

    /** Takes back that signatures were dropped. */
    void keepSignatures() {
        signaturesDropped.clear();
    }

    void moduleExtended() {
        moduleExtended = true;
    }

    void nested(RewriteReport report) {
        nested.add(report);
    }

    /** Counts a class that was read, with its findings at their source. */
    void classRead(String entry, String source, long bytes, TransformResult result) {
        classesIn++;
        classBytesIn += bytes;
        result.findings().forEach(finding -> find(finding.in(source)));
        switch (result.status()) {
            case UNCHANGED -> {}
            case CHANGED -> changed++;
            case REPLACED -> replaced++;
            case FAILED -> failed++;
        }
        if (!result.isIdentity() || !result.trail().isEmpty()) {
            classes.add(new ClassReport(
                    entry,
                    result.status(),
                    result.extraClasses().stream().map(ClassFile::name).toList(),
                    result.trail()));
        }
        if (result.status() != Status.FAILED) {
            classesOut++;
            classBytesOut += result.output().length;
        }
    }

    void classAdded(long bytes) {
        added++;
        classesOut++;
        classBytesOut += bytes;
    }

    RewriteReport build(Outcome outcome) {
        Counts counts =
                new Counts(classesIn, classesOut, changed, replaced, added, failed, classBytesIn, classBytesOut);
        return new RewriteReport(
                name, outcome, counts, classes, findings, findingsOmitted, signaturesDropped, moduleExtended, nested);
    }
}
