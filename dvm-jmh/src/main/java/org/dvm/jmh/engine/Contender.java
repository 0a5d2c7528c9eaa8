package org.dvm.jmh.engine;

/** A way to do the tasks: bytes in, bytes out. */
public interface Contender {
    /** Returns the name for the table. */
    String name();

    /** Returns whether it can do the task. */
    boolean canDo(Task task);

    /** Does the task to one class. */
    byte[] transform(byte[] classFile, Task task) throws Exception;
}
