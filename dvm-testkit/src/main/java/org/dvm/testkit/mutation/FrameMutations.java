package org.dvm.testkit.mutation;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.mutation.Places.Table;
import org.jspecify.annotations.Nullable;

/**
 * Damage to stack map frames.
 *
 * @jvms 4.7.4
 */
final class FrameMutations {
    private static final int[] FRAME_TYPES = {
        0, 1, 63, 64, 65, 127, 128, 200, 246, 247, 248, 250, 251, 252, 253, 254, 255
    };

    /** A StackMapTable: offsets of frames and of the verification types in them. */
    private record Frames(Table table, Attribute attribute, List<Integer> frames, List<Integer> items) {
        int end(int frame) {
            return frame + 1 < frames.size() ? frames.get(frame + 1) : attribute.offset() + attribute.length();
        }
    }

    private FrameMutations() {}

    private static @Nullable Frames any(Surgery surgery) {
        for (int attempt = 0; attempt < 10; attempt++) {
            Member method = CodeMutations.anyCode(surgery);
            if (method == null) {
                return null;
            }
            Table table = Places.codeTable(surgery.raw, method);
            for (Attribute attribute : table.attributes()) {
                if (attribute.length() > 2 && AttributeMutations.named(surgery.raw, attribute, "StackMapTable")) {
                    return parse(surgery.raw, table, attribute);
                }
            }
        }
        return null;
    }

    private static Frames parse(RawClass raw, Table table, Attribute attribute) {
        List<Integer> frames = new ArrayList<>();
        List<Integer> items = new ArrayList<>();
        int end = attribute.offset() + attribute.length();
        int at = attribute.offset() + 2;
        while (at < end) {
            frames.add(at);
            int type = raw.u1(at);
            if (type < 64) {
                at++;
            } else if (type < 128) {
                at = item(raw, at + 1, end, items);
            } else if (type == 247) {
                at = item(raw, at + 3, end, items);
            } else if (type < 252) {
                at += 3;
            } else if (type < 255) {
                at += 3;
                for (int count = type - 251; count > 0; count--) {
                    at = item(raw, at, end, items);
                }
            } else {
                at += 3;
                for (int part = 0; part < 2 && at + 2 <= end; part++) {
                    int count = raw.u2(at);
                    at += 2;
                    for (; count > 0 && at < end; count--) {
                        at = item(raw, at, end, items);
                    }
                }
            }
        }
        return new Frames(table, attribute, frames, items);
    }

    private static int item(RawClass raw, int at, int end, List<Integer> items) {
        if (at >= end) {
            return end;
        }
        items.add(at);
        return at + (raw.u1(at) == 7 || raw.u1(at) == 8 ? 3 : 1);
    }

    static boolean frameType(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        surgery.u1(anyFrame(surgery, frames), FRAME_TYPES[surgery.below(FRAME_TYPES.length)]);
        return true;
    }

    static boolean frameOffset(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        int frame = anyFrame(surgery, frames);
        int type = surgery.raw.u1(frame);
        if (type < 64) {
            surgery.u1(frame, surgery.below(64));
        } else if (type < 128) {
            surgery.u1(frame, 64 + surgery.below(64));
        } else if (frame + 3 <= surgery.length()) {
            surgery.u2(frame + 1, surgery.otherThan(surgery.raw.u2(frame + 1)));
        }
        return true;
    }

    /** Changes a verification type; the frame keeps its length where the type has one. */
    static boolean item(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null || frames.items().isEmpty()) {
            return false;
        }
        int item = frames.items().get(surgery.below(frames.items().size()));
        int type = surgery.raw.u1(item);
        int other = surgery.oneOf(10) ? surgery.below(256) : surgery.below(9);
        boolean operand = type == 7 || type == 8;
        boolean otherOperand = other == 7 || other == 8;
        if (operand == otherOperand) {
            surgery.u1(item, other);
            return true;
        }
        byte[] replacement = otherOperand
                ? Bytes.of().u1(other).u2(surgery.anyConstant(RawClass.CLASS)).toArray()
                : new byte[] {(byte) other};
        resize(surgery, frames, item, operand ? 3 : 1, replacement);
        return true;
    }

    static boolean itemOperand(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        List<Integer> operands = new ArrayList<>();
        for (int item : frames.items()) {
            if ((surgery.raw.u1(item) == 7 || surgery.raw.u1(item) == 8) && item + 3 <= surgery.length()) {
                operands.add(item);
            }
        }
        if (operands.isEmpty()) {
            return false;
        }
        int item = operands.get(surgery.below(operands.size()));
        if (surgery.raw.u1(item) == 8) {
            surgery.u2(item + 1, surgery.otherThan(surgery.raw.u2(item + 1)));
        } else if (surgery.oneOf(4)) {
            surgery.u2(item + 1, surgery.addClass(ConstantMutations.anyClassName(surgery)));
        } else {
            surgery.u2(item + 1, surgery.oneOf(5) ? surgery.anyConstant() : surgery.anyConstant(RawClass.CLASS));
        }
        return true;
    }

    static boolean count(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        int offset = frames.attribute().offset();
        surgery.u2(offset, surgery.otherThan(surgery.raw.u2(offset)));
        return true;
    }

    static boolean duplicate(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        int index = surgery.below(frames.frames().size());
        int end = frames.end(index);
        surgery.addToU2(frames.attribute().offset(), 1);
        resize(surgery, frames, end, 0, surgery.copy(frames.frames().get(index), end));
        return true;
    }

    static boolean remove(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        int index = surgery.below(frames.frames().size());
        int offset = frames.frames().get(index);
        surgery.addToU2(frames.attribute().offset(), -1);
        resize(surgery, frames, offset, frames.end(index) - offset, new byte[0]);
        return true;
    }

    static boolean removeAll(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        AttributeMutations.remove(surgery, frames.table(), frames.attribute());
        return true;
    }

    /** Puts a further frame, of any form, before another one. */
    static boolean insert(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        Bytes frame = Bytes.of();
        new SoundAttributes(surgery).frame(frame, surgery.below(8));
        surgery.addToU2(frames.attribute().offset(), 1);
        resize(surgery, frames, anyFrame(surgery, frames), 0, frame.toArray());
        return true;
    }

    /** Puts a frame of any form in the place of one, further on by as many bytes. */
    static boolean otherForm(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        int index = surgery.below(frames.frames().size());
        int offset = frames.frames().get(index);
        int type = surgery.raw.u1(offset);
        int delta = type < 64
                ? type
                : type < 128 ? type - 64 : offset + 3 <= surgery.length() ? surgery.raw.u2(offset + 1) : 0;
        Bytes frame = Bytes.of();
        new SoundAttributes(surgery).frame(frame, delta);
        resize(surgery, frames, offset, frames.end(index) - offset, frame.toArray());
        return true;
    }

    static boolean anyByte(Surgery surgery) {
        Frames frames = any(surgery);
        if (frames == null) {
            return false;
        }
        surgery.u1(
                frames.attribute().offset() + surgery.below(frames.attribute().length()), surgery.below(256));
        return true;
    }

    private static void resize(Surgery surgery, Frames frames, int offset, int removed, byte[] inserted) {
        surgery.replace(offset, removed, inserted);
        int delta = inserted.length - removed;
        surgery.addToU4(frames.attribute().offset() - 4, delta);
        AttributeMutations.grow(surgery, frames.table(), delta);
    }

    private static int anyFrame(Surgery surgery, Frames frames) {
        return frames.frames().get(surgery.below(frames.frames().size()));
    }
}
