package org.dvm.core.jar;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Packers that aren't in use. Safe to share. */
final class Packers implements AutoCloseable {
    private final Queue<Packer> free = new ConcurrentLinkedQueue<>();
    private final int level;

    Packers(int level) {
        this.level = level;
    }

    Packer borrow() {
        Packer packer = free.poll();
        return packer == null ? new Packer(level) : packer;
    }

    void giveBack(Packer packer) {
        free.add(packer);
    }

    @Override
    public void close() {
        for (Packer packer = free.poll(); packer != null; packer = free.poll()) {
            packer.close();
        }
    }
}
