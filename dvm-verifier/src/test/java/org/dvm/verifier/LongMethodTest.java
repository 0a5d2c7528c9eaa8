package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.dvm.verifier.VerifyFilter.FactTables;
import org.dvm.verifier.VerifyFilter.ReferenceChecks;
import org.dvm.verifier.VerifyFilter.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that fill their 64 KB stay as they are; what they rely on is checked all the same, or by the JVM. */
class LongMethodTest {
    private static final int ALOAD_1 = 0x2b;
    private static final int GETFIELD = 0xb4;
    private static final int POP = 0x57;
    private static final int RETURN = 0xb1;
    private static final int NOP = 0;

    private final VerifyFilter filter = new VerifyFilter(World.OPEN, ReferenceChecks.INSERTED, FactTables.ATTACHED);

    @ParameterizedTest
    @ValueSource(ints = {300, 31_990, 32_010, 64_990, 65_010, 65_532})
    void keepProtectedAccessAndReferencesChecked(int length) throws ClassFormatException {
        Map<String, byte[]> classes = FilterRun.of(filter, withMethodOf(length));
        RawClass rewritten = RawClass.parse(Objects.requireNonNull(classes.get("app/Long")));

        assertThat(length(rewritten, "peek")).isBetween(length, 65_535);
        assertThat(Verifier.openWorld().verify(rewritten).isAccepted()).isTrue();
        assertThat(constants(rewritten)).contains("P.F.dep/Base.secret.I.dep/Base.");
        assertThat(constants(rewritten).contains("F.GETFIELD.dep/Base.secret.I."))
                .isEqualTo(length < 32_000);
        assertThat(length(rewritten, "<clinit>") > 0).isEqualTo(length > 65_000);
    }

    /** Its superclass's initializer could call the method, and the JVM's verifier may be off. */
    @Test
    void areRefusedWhereNotEvenACallFits() {
        TransformResult result = TransformPipeline.of(filter).process(withMethodOf(65_533));

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.findings()).extracting(each -> each.rule().name()).contains("METHOD_TOO_LARGE");
    }

    /** A class whose method gets a protected field of its superclass, and does nothing else to the length wanted. */
    private static byte[] withMethodOf(int length) {
        ClassAssembler assembler = new ClassAssembler("app/Long");
        assembler.superClass(assembler.classConstant("dep/Base"));
        Bytes code = Bytes.of()
                .u1(ALOAD_1, GETFIELD)
                .u2(assembler.fieldRef("dep/Base", "secret", "I"))
                .u1(POP);
        while (code.length() < length - 1) {
            code.u1(NOP);
        }
        assembler.method(0, "peek", "(Ldep/Base;)V", assembler.code(1, 2, code.u1(RETURN)));
        return assembler.toBytes();
    }

    private static int length(RawClass raw, String method) {
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.memberName(raw.method(i)).equals(method)) {
                return raw.codeLength(raw.method(i));
            }
        }
        return -1;
    }

    private static String constants(RawClass raw) {
        StringBuilder texts = new StringBuilder();
        for (int i = 1; i < raw.constantCount(); i++) {
            if (raw.constantTag(i) == RawClass.UTF8) {
                texts.append(raw.utf8(i)).append('\n');
            }
        }
        return texts.toString();
    }
}
