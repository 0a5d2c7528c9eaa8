/** Ends the JVM; on a plain JVM with status 42. */
public class ExitAttacks {
    public static boolean exit() { System.exit(42); return true; }
    public static boolean runtimeExit() { Runtime.getRuntime().exit(42); return true; }
    public static boolean halt() { Runtime.getRuntime().halt(42); return true; }
    public static boolean methodRef() { java.util.function.IntConsumer c = System::exit; c.accept(42); return true; }
    public static boolean reflection() throws Exception { System.class.getMethod("exit", int.class).invoke(null, 42); return true; }
    public static boolean inThread() throws Exception { Thread t = new Thread(() -> Runtime.getRuntime().halt(42)); t.start(); t.join(); return false; }
    public static boolean shutdownSequence() throws Exception { var m = Class.forName("java.lang.Shutdown").getDeclaredMethod("exit", int.class); m.setAccessible(true); m.invoke(null, 42); return true; }
}
