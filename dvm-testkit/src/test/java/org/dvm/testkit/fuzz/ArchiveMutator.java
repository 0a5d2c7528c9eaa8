package org.dvm.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;

/** Makes broken archives of whole ones: fields of headers, parts in other places, parts twice or not at all. */
final class ArchiveMutator {
    private static final int[] TELLING = {0, 1, 2, 8, 0x14, 0x2d, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, -1};

    private final List<byte[]> seeds = seeds();

    static List<byte[]> seeds() {
        ClassAssembler assembler = new ClassAssembler("demo/Hello");
        assembler.utf8(HostileArchive.MARK);
        byte[] code = assembler.code(0, 0, Bytes.of().u1(0xb1));
        byte[] hello = assembler.method(0x0009, "say", "()V", code).toBytes();
        byte[] plain = zip(ZipEntry.DEFLATED, Map.of("demo/Hello.class", hello));
        Map<String, byte[]> nested = new LinkedHashMap<>();
        nested.put("META-INF/MANIFEST.MF", bytes("Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n"));
        nested.put("META-INF/versions/17/demo/Hello.class", hello);
        nested.put("lib/inner.jar", plain);
        nested.put("text/", new byte[0]);
        nested.put("text/caf\u00e9.txt", bytes("text"));
        Map<String, byte[]> signed = new LinkedHashMap<>();
        signed.put(
                "META-INF/MANIFEST.MF",
                bytes("Manifest-Version: 1.0\r\n\r\nName: demo/Hello.class\r\n" + "SHA-256-Digest: AAAA\r\n\r\n"));
        signed.put("META-INF/A.SF", bytes("Signature-Version: 1.0\r\n\r\n"));
        signed.put("META-INF/A.RSA", bytes("none"));
        signed.put("demo/Hello.class", hello);
        return List.of(
                plain,
                zip(ZipEntry.STORED, Map.of("demo/Hello.class", hello)),
                zip(ZipEntry.DEFLATED, nested),
                zip(ZipEntry.STORED, nested),
                zip(ZipEntry.DEFLATED, signed));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(int method, Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setTime(0);
                entry.setMethod(method);
                entry.setSize(each.getValue().length);
                CRC32 crc = new CRC32();
                crc.update(each.getValue());
                entry.setCrc(crc.getValue());
                out.putNextEntry(entry);
                out.write(each.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    byte[] mutate(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] archive = seeds.get(random.nextInt(seeds.size())).clone();
        for (int changes = 1 + random.nextInt(3); changes > 0 && archive.length > 4; changes--) {
            archive = change(archive, random);
        }
        return archive;
    }

    private byte[] change(byte[] archive, SplittableRandom random) {
        int at = random.nextBoolean() ? inHeader(archive, random) : random.nextInt(archive.length);
        switch (random.nextInt(8)) {
            case 0:
                archive[at] ^= (byte) (1 << random.nextInt(8));
                return archive;
            case 1:
                archive[at] = (byte) random.nextInt(256);
                return archive;
            case 2, 3:
                return write(archive, at, 1 << random.nextInt(3), TELLING[random.nextInt(TELLING.length)]);
            case 4:
                return write(archive, at, 4, random.nextInt(archive.length + 2));
            case 5:
                return splice(archive, at, at, part(archive, random));
            case 6:
                return splice(archive, at, Math.min(archive.length, at + 1 + random.nextInt(64)), new byte[0]);
            default:
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                return random.nextBoolean() ? splice(archive, at, at, part(other, random)) : Arrays.copyOf(archive, at);
        }
    }

    /** Returns a place in the header of a record, where changes do most. */
    private static int inHeader(byte[] archive, SplittableRandom random) {
        List<Integer> records = records(archive);
        return records.isEmpty()
                ? random.nextInt(archive.length)
                : Math.min(archive.length - 1, records.get(random.nextInt(records.size())) + random.nextInt(50));
    }

    private static List<Integer> records(byte[] archive) {
        List<Integer> records = new ArrayList<>();
        for (int i = 0; i + 4 <= archive.length; i++) {
            if (archive[i] == 'P' && archive[i + 1] == 'K' && archive[i + 2] < 9) {
                records.add(i);
            }
        }
        return records;
    }

    /** Returns what is between two records. */
    private static byte[] part(byte[] archive, SplittableRandom random) {
        List<Integer> records = records(archive);
        if (records.isEmpty()) {
            return archive.clone();
        }
        int index = random.nextInt(records.size());
        int end = index + 1 < records.size() ? records.get(index + 1) : archive.length;
        return Arrays.copyOfRange(archive, records.get(index), end);
    }

    private static byte[] write(byte[] archive, int at, int bytes, int value) {
        for (int i = 0; i < bytes && at + i < archive.length; i++) {
            archive[at + i] = (byte) (value >>> 8 * i);
        }
        return archive;
    }

    private static byte[] splice(byte[] archive, int from, int to, byte[] with) {
        byte[] result = new byte[archive.length - (to - from) + with.length];
        System.arraycopy(archive, 0, result, 0, from);
        System.arraycopy(with, 0, result, from, with.length);
        System.arraycopy(archive, to, result, from + with.length, archive.length - to);
        return result;
    }
}
