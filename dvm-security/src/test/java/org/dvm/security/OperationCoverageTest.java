package org.dvm.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Operation;
import org.dvm.security.policy.StandardPolicies;
import org.junit.jupiter.api.Test;

/** Every operation of the standard set that the running JDK has is guarded in its classes. */
class OperationCoverageTest {
    private static final int ACC_ABSTRACT = 0x0400;

    /** Methods without code of their own, which a running JDK's classes can't be given: they are documented. */
    private static final Set<String> NATIVE = Set.of(
            "java/io/RandomAccessFile.setLength(J)V",
            "java/lang/Runtime.gc()V",
            "java/lang/Runtime.availableProcessors()I",
            "java/lang/Runtime.freeMemory()J",
            "java/lang/Runtime.totalMemory()J",
            "java/lang/Runtime.maxMemory()J",
            "java/lang/System.mapLibraryName(Ljava/lang/String;)Ljava/lang/String;");

    private static final Policy POLICY = StandardPolicies.load("operations");
    private static final ClassRepositories JDK = ClassRepositories.runningJdk();

    @Test
    void everyOperationOfTheRunningJdkIsFoundInItsClass() {
        int found = 0;
        Set<String> withoutCode = new TreeSet<>();
        OperationIndex index = OperationIndex.ofJdk(POLICY);
        for (Operation operation : POLICY.operations()) {
            RawClass raw = JDK.find(operation.className().replace('.', '/'));
            for (int i = 0; raw != null && i < raw.methodCount(); i++) {
                RawClass.Member method = raw.method(i);
                if (raw.memberName(method).equals(operation.method())
                        && raw.memberDescriptor(method).equals(operation.descriptor())) {
                    found++;
                    if (method.codeOffset() >= 0) {
                        assertThat(index.of(raw, method, JDK))
                                .as("%s", operation)
                                .contains(operation);
                    } else if ((raw.memberFlags(method) & ACC_ABSTRACT) == 0) {
                        withoutCode.add(raw.className() + "." + operation.method() + operation.descriptor());
                    }
                }
            }
        }
        assertThat(found).isGreaterThan(1_700);
        assertThat(withoutCode).isSubsetOf(NATIVE);
    }

    @Test
    void everyClassWithOperationsCanBeRewritten() throws IOException {
        TransformPipeline pipeline = TransformPipeline.of(new SecurityFilter(
                SecurityFilter.Code.JDK,
                OperationIndex.ofJdk(POLICY),
                OperationIndex.ofApplications(POLICY),
                unit -> "",
                ""));
        Set<String> owners = new HashSet<>();
        POLICY.operations().forEach(o -> owners.add(o.className().replace('.', '/')));
        List<String> unchanged = new ArrayList<>();
        for (String owner : owners) {
            RawClass raw = JDK.find(owner);
            if (raw != null) {
                TransformResult result = pipeline.process(raw.bytes(), "", JDK);
                assertThat(result.status())
                        .as("%s %s", owner, result.findings())
                        .isNotEqualTo(TransformResult.Status.FAILED);
                if (result.status() == TransformResult.Status.UNCHANGED && hasCodeOfAnOperation(raw)) {
                    unchanged.add(owner);
                }
            }
        }
        assertThat(unchanged).isEmpty();
    }

    private static boolean hasCodeOfAnOperation(RawClass raw) {
        OperationIndex index = OperationIndex.ofJdk(POLICY);
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            if (method.codeOffset() >= 0
                    && !index.of(raw.className(), raw.memberName(method), raw.memberDescriptor(method))
                            .isEmpty()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void implementationsOfAbstractOperationsAreGuarded() {
        OperationIndex index = OperationIndex.ofJdk(POLICY);

        assertThat(operationsOf(index, "sun/nio/ch/FileChannelImpl", "read", "(Ljava/nio/ByteBuffer;)I"))
                .contains("file.read");
        assertThat(operationsOf(index, "sun/nio/ch/SocketChannelImpl", "connect", "(Ljava/net/SocketAddress;)Z"))
                .contains("net.connect");
        assertThat(operationsOf(
                        index,
                        "sun/nio/fs/UnixFileSystemProvider",
                        "newByteChannel",
                        "(Ljava/nio/file/Path;Ljava/util/Set;[Ljava/nio/file/attribute/FileAttribute;)"
                                + "Ljava/nio/channels/SeekableByteChannel;"))
                .contains("file.open.rw");
    }

    private static List<String> operationsOf(OperationIndex index, String owner, String name, String descriptor) {
        RawClass raw = JDK.find(owner);
        List<String> permissions = new ArrayList<>();
        for (int i = 0; raw != null && i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            if (raw.memberName(method).equals(name)
                    && raw.memberDescriptor(method).equals(descriptor)) {
                index.of(raw, method, JDK).forEach(o -> permissions.add(o.permission()));
            }
        }
        return permissions;
    }
}
