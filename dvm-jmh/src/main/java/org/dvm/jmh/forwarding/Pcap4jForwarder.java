package org.dvm.jmh.forwarding;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dvm.nodeos.lab.Processor;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.PcapDirection;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.RawPacketListener;

/** The same loop over pcap4j, the usual way to raw packets in Java. */
final class Pcap4jForwarder implements Forwarder {
    private static final String LIBRARY_PROPERTY = "org.pcap4j.core.pcapLibName";
    private static final List<Path> LIBRARY_DIRECTORIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib/aarch64-linux-gnu"),
            Path.of("/usr/lib64"),
            Path.of("/usr/lib"));
    private static final List<String> LIBRARY_NAMES = List.of("libpcap.so", "libpcap.so.1", "libpcap.so.0.8");
    private static final int SNAPSHOT_BYTES = 2048;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int TIMEOUT_MILLIS = 10;

    @Override
    public String name() {
        return "pcap4j";
    }

    @Override
    public String obstacle() {
        for (Path directory : LIBRARY_DIRECTORIES) {
            for (String name : LIBRARY_NAMES) {
                Path library = directory.resolve(name);
                if (Files.exists(library)) {
                    System.setProperty(LIBRARY_PROPERTY, library.toString());
                    return "";
                }
            }
        }
        return "libpcap is not installed";
    }

    @Override
    public Running start(Testbed testbed) {
        PcapHandle input = testbed.node().call(() -> {
            PcapHandle handle = open(testbed.input().name());
            handle.setDirection(PcapDirection.IN);
            handle.setFilter("ip", BpfProgram.BpfCompileMode.OPTIMIZE);
            return handle;
        });
        PcapHandle output = testbed.node().call(() -> open(testbed.output().name()));
        byte[] destination = testbed.nextHop().mac().toBytes();
        byte[] source = testbed.output().mac().toBytes();
        RawPacketListener route = frame -> {
            frame[22]--;
            int checksum = ((frame[24] & 0xff) << 8 | frame[25] & 0xff) + 0x100;
            checksum += checksum >>> 16;
            frame[24] = (byte) (checksum >>> 8);
            frame[25] = (byte) checksum;
            System.arraycopy(destination, 0, frame, 0, destination.length);
            System.arraycopy(source, 0, frame, destination.length, source.length);
            try {
                output.sendPacket(frame);
            } catch (PcapNativeException | NotOpenException e) {
                throw new IllegalStateException("pcap4j could not send", e);
            }
        };
        Thread thread = new Thread(
                () -> {
                    Processor.pin(Testbed.FORWARDER_PROCESSOR);
                    try {
                        input.loop(-1, route);
                    } catch (PcapNativeException | NotOpenException e) {
                        throw new IllegalStateException("pcap4j could not receive", e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // breakLoop: the end of the measurement
                    }
                },
                "pcap4j");
        thread.start();
        return () -> {
            input.breakLoop();
            thread.join();
            input.close();
            output.close();
        };
    }

    private static PcapHandle open(String interfaceName) throws PcapNativeException {
        return new PcapHandle.Builder(interfaceName)
                .snaplen(SNAPSHOT_BYTES)
                .bufferSize(BUFFER_BYTES)
                .timeoutMillis(TIMEOUT_MILLIS)
                .build();
    }
}
