import java.lang.invoke.*;
import java.lang.reflect.*;

/** Reaches for the enforcement manager itself; on a plain JVM there is none. */
public class ManagerAttacks {
    public static boolean managerByReflection() throws Exception { Class<?> s = Class.forName("org.dvm.runtime.security.Subjects"); Field f = s.getDeclaredField("SLOT"); return f != null; }
    public static boolean managerLeave() throws Exception { Class<?> s = Class.forName("org.dvm.runtime.security.Subjects"); return s.getMethod("leave", Object.class) != null; }
    public static boolean managerHandle() throws Throwable { Class<?> s = Class.forName("org.dvm.runtime.security.EnforcementManager"); return MethodHandles.publicLookup().findStatic(s, "isActive", MethodType.methodType(boolean.class)) != null; }
}
