package org.dvm.verifier.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The arrays that verification of one class needs, kept for the next one.
 *
 * <p><b>Threads:</b> one thread has it between {@link #take} and {@link #release}.
 */
public final class Workspace {
    /** More idle workspaces than this are left to the garbage collector. */
    private static final int MAX_IDLE = 2 * Runtime.getRuntime().availableProcessors();

    private static final ConcurrentLinkedQueue<Workspace> IDLE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger IDLE_COUNT = new AtomicInteger();

    final NameTable names = new NameTable();
    final ClassSets sets = new ClassSets();
    final Code code = new Code(names);
    final Relations relations = new Relations(names, sets);
    final Interpreter interpreter = new Interpreter(names, code, relations);
    final TypeChecker typeChecker = new TypeChecker(names, code, relations, interpreter);
    final Inference inference = new Inference(names, sets, code, relations, interpreter);

    private Workspace() {}

    /** Returns a workspace that nobody else has. */
    public static Workspace take() {
        Workspace idle = IDLE.poll();
        if (idle == null) {
            return new Workspace();
        }
        IDLE_COUNT.decrementAndGet();
        return idle;
    }

    /** Gives the workspace back. */
    public void release() {
        if (IDLE_COUNT.incrementAndGet() <= MAX_IDLE) {
            IDLE.add(this);
        } else {
            IDLE_COUNT.decrementAndGet();
        }
    }
}
