import static org.dvm.security.redteam.Host.SECRET;

import java.io.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.nio.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.*;
import java.util.stream.*;
import org.dvm.security.redteam.Host;
import org.dvm.security.redteam.HostObjects;

/** Gets to guarded operations by the language's and the JVM's side doors. */
public class RouteAttacks {
    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    static MethodHandle getenv() throws Exception { return LOOKUP.findStatic(System.class, "getenv", MethodType.methodType(String.class, String.class)); }
    static <T> T in(Callable<T> task) throws Exception { return HostObjects.run(task); }

    public static boolean handleInvoke() throws Throwable { return getenv().invoke("PATH") != null; }
    public static boolean handleArguments() throws Throwable { return getenv().invokeWithArguments("PATH") != null; }
    public static boolean handleFilter() throws Throwable { return MethodHandles.filterArguments(getenv(), 0, MethodHandles.identity(String.class)).invoke("PATH") != null; }
    public static boolean handleFold() throws Throwable { return MethodHandles.foldArguments(MethodHandles.dropArguments(MethodHandles.identity(String.class), 1, String.class), getenv()).invoke("PATH") != null; }
    public static boolean handleTryFinally() throws Throwable { return MethodHandles.catchException(getenv(), Exception.class, MethodHandles.dropArguments(MethodHandles.throwException(String.class, Exception.class), 1, String.class)).invoke("PATH") != null; }
    public static boolean handleSpread() throws Throwable { return getenv().asSpreader(Object[].class, 1).invoke(new Object[] {"PATH"}) != null; }
    public static boolean handleReflected() throws Throwable { return LOOKUP.unreflect(System.class.getMethod("getenv", String.class)).invoke("PATH") != null; }
    public static boolean handleOfInvoke() throws Throwable { Method m = System.class.getMethod("getenv", String.class); return LOOKUP.findVirtual(Method.class, "invoke", MethodType.methodType(Object.class, Object.class, Object[].class)).invoke(m, null, new Object[] {"PATH"}) != null; }
    public static boolean invokeOfInvoke() throws Exception { Method m = System.class.getMethod("getenv", String.class); return Method.class.getMethod("invoke", Object.class, Object[].class).invoke(m, null, new Object[] {"PATH"}) != null; }
    public static boolean handleConstructor() throws Throwable { return ((InputStream) LOOKUP.findConstructor(FileInputStream.class, MethodType.methodType(void.class, File.class)).invoke(SECRET.toFile())).read() == 'T'; }
    public static boolean handlePublic() throws Throwable { return (String) MethodHandles.publicLookup().findStatic(System.class, "getenv", MethodType.methodType(String.class, String.class)).invokeExact("PATH") != null; }
    public static boolean metafactory() throws Throwable { CallSite s = LambdaMetafactory.metafactory(LOOKUP, "apply", MethodType.methodType(Function.class), MethodType.methodType(Object.class, Object.class), getenv(), MethodType.methodType(String.class, String.class)); return ((Function<String, String>) s.getTarget().invoke()).apply("PATH") != null; }
    public static boolean metafactoryInHost() throws Throwable { CallSite s = LambdaMetafactory.metafactory(LOOKUP, "apply", MethodType.methodType(Function.class), MethodType.methodType(Object.class, Object.class), getenv(), MethodType.methodType(String.class, String.class)); Function<String, String> f = (Function<String, String>) s.getTarget().invoke(); Supplier<String> all = () -> f.apply("PATH"); return in(all::get) != null; }
    public static boolean constantCallSite() throws Throwable { return new ConstantCallSite(getenv()).dynamicInvoker().invoke("PATH") != null; }
    public static boolean switchPoint() throws Throwable { return new SwitchPoint().guardWithTest(getenv(), getenv()).invoke("PATH") != null; }
    public static boolean computeIfAbsent() { return new HashMap<String, String>().computeIfAbsent("PATH", System::getenv) != null; }
    public static boolean computeInHost() throws Exception { Map<String, String> m = new ConcurrentHashMap<>(); Function<String, String> f = System::getenv; return in(() -> m.computeIfAbsent("PATH", f)) != null; }
    public static boolean threadLocalInitial() throws Exception { ThreadLocal<Map<String, String>> t = ThreadLocal.withInitial(System::getenv); return in(t::get).containsKey("PATH"); }
    public static boolean atomicUpdate() throws Exception { var a = new AtomicReference<>("PATH"); UnaryOperator<String> f = System::getenv; return in(() -> a.updateAndGet(f)).contains("/"); }
    public static boolean streamInHost() throws Exception { Stream<String> s = Stream.of("PATH").map(System::getenv); return in(s::findFirst).get().contains("/"); }
    public static boolean optionalInHost() throws Exception { var o = Optional.of("PATH"); Function<String, String> f = System::getenv; return in(() -> o.map(f)).isPresent(); }
    public static boolean iteratorInHost() throws Exception { Iterator<String> i = Stream.of("PATH").map(System::getenv).iterator(); return in(i::next).contains("/"); }
    public static boolean lazyCollection() throws Exception { var l = new AbstractList<String>() { @Override public String get(int i) { return System.getenv("PATH"); } @Override public int size() { return 1; } }; return in(() -> new ArrayList<>(l)).get(0).contains("/"); }
    public static boolean comparatorInTree() throws Exception { String[] got = {""}; var t = new TreeSet<String>((a, b) -> { got[0] = System.getenv("PATH"); return 0; }); in(() -> t.add("x")); return got[0].contains("/"); }
    public static boolean hashCodeInHost() throws Exception { String[] got = {""}; Object o = new Object() { @Override public int hashCode() { got[0] = System.getenv("PATH"); return 1; } }; HostObjects.use(List.of(o)); return got[0].contains("/"); }
    public static boolean equalsInHost() throws Exception { String[] got = {""}; Object o = new Object() { @Override public boolean equals(Object x) { got[0] = System.getenv("PATH"); return true; } }; HostObjects.use(List.of(o)); return got[0].contains("/"); }
    public static boolean interfaceDefault() throws Exception { Reader r = new Reader() {}; return in(r::load).contains("/"); }
    interface Reader { default String load() { return System.getenv("PATH"); } }
    public static boolean interfaceStatic() throws Exception { return Statics.load().contains("/"); }
    interface Statics { static String load() { return System.getenv("PATH"); } }
    public static boolean initializerInHost() throws Exception { return in(() -> Class.forName("RouteAttacks$Initialized", true, RouteAttacks.class.getClassLoader()).getField("PATH").get(null)) != null; }
    public static class Initialized { public static final String PATH = System.getenv("PATH"); }
    public static boolean interfaceInitializer() throws Exception { return in(() -> WithField.PATH) != null; }
    interface WithField { String PATH = System.getenv("PATH"); }
    public static boolean enumInitializer() { return Loaded.ONE.path != null; }
    enum Loaded { ONE; final String path = System.getenv("PATH"); }
    public static boolean recordConstructor() { return new Path2().path() != null; }
    record Path2(String path) { Path2() { this(System.getenv("PATH")); } }
    public static boolean superArgument() { return new Sub().value != null; }
    static class Base { final String value; Base(String value) { this.value = value; } }
    static class Sub extends Base { Sub() { super(System.getenv("PATH")); } }
    public static boolean superArgumentInHost() throws Exception { Base b = (Base) Host.instantiate(PublicSub.class); return b != null && b.value != null; }
    public static class PublicSub extends Base { public PublicSub() { super(Optional.of("PATH").map(System::getenv).get()); } }
    public static boolean superArgumentIndirect() throws Exception { Base b = (Base) Host.instantiate(IndirectSub.class); return b != null && b.value != null; }
    public static class IndirectSub extends Base { public IndirectSub() { super(helper()); } static String helper() { return System.getenv("PATH"); } }
    public static boolean finalizerOfFailed() throws Exception { try { new Failing(); } catch (IllegalStateException e) { } for (int i = 0; i < 50 && LOOT.isEmpty(); i++) { in(() -> { System.gc(); return 1; }); Thread.sleep(10); } String s = LOOT.poll(); return s != null && s.contains("/"); }
    static final Queue<String> LOOT = new ConcurrentLinkedQueue<>();
    static class Failing { Failing() { throw new IllegalStateException(); } @Override @SuppressWarnings("removal") protected void finalize() { try { LOOT.add(System.getenv("PATH")); } catch (Throwable e) { LOOT.add("NO"); } } }
    public static boolean uncaughtHandler() throws Exception { var r = new LinkedBlockingQueue<String>(); Thread t = new Thread(() -> { throw new IllegalStateException(); }); t.setUncaughtExceptionHandler((x, e) -> { try { r.add(System.getenv("PATH")); } catch (Throwable n) { r.add("NO"); } }); t.start(); return r.take().contains("/"); }
    public static boolean groupHandler() throws Exception { var r = new LinkedBlockingQueue<String>(); ThreadGroup g = new ThreadGroup("g") { @Override public void uncaughtException(Thread t, Throwable e) { try { r.add(System.getenv("PATH")); } catch (Throwable n) { r.add("NO"); } } }; new Thread(g, () -> { throw new IllegalStateException(); }).start(); return r.take().contains("/"); }
    public static boolean threadSubclass() throws Exception { var r = new LinkedBlockingQueue<String>(); new Thread() { @Override public void run() { try { r.add(System.getenv("PATH")); } catch (Throwable n) { r.add("NO"); } } }.start(); return r.take().contains("/"); }
    public static boolean threadStartedByHost() throws Exception { var r = new LinkedBlockingQueue<String>(); Thread t = new Thread(() -> { try { r.add(System.getenv("PATH")); } catch (Throwable n) { r.add("NO"); } }); in(() -> { t.start(); return 1; }); return r.take().contains("/"); }
    public static boolean threadMadeByHost() throws Exception { var r = new LinkedBlockingQueue<Object>(); Runnable task = () -> { try { r.add(System.getenv("PATH")); } catch (Throwable n) { r.add("NO"); } }; in(() -> { new Thread(task).start(); return 1; }); return r.take().toString().contains("/"); }
    public static boolean virtualThreadFrom21() throws Exception { var r = new LinkedBlockingQueue<String>(); Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable) () -> { try { r.add(System.getenv("PATH")); } catch (Throwable n) { r.add("NO"); } }); return r.take().contains("/"); }
    public static boolean virtualExecutorFrom21() throws Exception { var e = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null); return e.submit(() -> System.getenv("PATH")).get().contains("/"); }
    public static boolean virtualExecutorRefFrom21() throws Exception { var e = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null); Callable<Map<String, String>> c = System::getenv; return e.submit(c).get().containsKey("PATH"); }
    public static boolean futureTask() throws Exception { var t = new FutureTask<>(() -> System.getenv("PATH")); in(() -> { t.run(); return 1; }); return t.get().contains("/"); }
    public static boolean futureTaskRef() throws Exception { Callable<Map<String, String>> c = System::getenv; var t = new FutureTask<>(c); in(() -> { t.run(); return 1; }); return t.get().containsKey("PATH"); }
    public static boolean recursiveTask() throws Exception { return ForkJoinPool.commonPool().invoke(new RecursiveTask<String>() { @Override protected String compute() { return System.getenv("PATH"); } }).contains("/"); }
    public static boolean adaptedTask() throws Exception { Callable<Map<String, String>> c = System::getenv; return ForkJoinPool.commonPool().submit(ForkJoinTask.adapt(c)).get().containsKey("PATH"); }
    public static boolean invokeAll() throws Exception { return Host.POOL.invokeAll(List.<Callable<String>>of(() -> System.getenv("PATH"))).get(0).get().contains("/"); }
    public static boolean completionStage() throws Exception { var f = new CompletableFuture<String>(); var g = f.thenApply(System::getenv); in(() -> f.complete("PATH")); return g.get().contains("/"); }
    public static boolean completionOnHost() throws Exception { return CompletableFuture.completedFuture("PATH").thenApplyAsync(System::getenv, Host.POOL).get().contains("/"); }
    public static boolean delayed() throws Exception { return CompletableFuture.supplyAsync(() -> System.getenv("PATH"), CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS)).get().contains("/"); }
    public static boolean orTimeout() throws Exception { var f = new CompletableFuture<String>(); var g = f.orTimeout(1, TimeUnit.MILLISECONDS).handle((s, e) -> System.getenv("PATH")); return g.get().contains("/"); }
    public static boolean scheduled() throws Exception { var e = Executors.newScheduledThreadPool(1); try { return e.schedule(() -> System.getenv("PATH"), 1, TimeUnit.MILLISECONDS).get().contains("/"); } finally { e.shutdown(); } }
    public static boolean flow() throws Exception { var r = new LinkedBlockingQueue<String>(); try (var p = new SubmissionPublisher<String>()) { p.consume(x -> { try { r.add(System.getenv("PATH")); } catch (Throwable e) { r.add("NO"); } }); p.submit("x"); return r.take().contains("/"); } }
    public static boolean parallelRef() { return Stream.of("PATH", "PATH", "PATH", "PATH").parallel().map(System::getenv).allMatch(Objects::nonNull); }
    public static boolean parallelSetAll() { String[] a = new String[1000]; Arrays.parallelSetAll(a, i -> System.getenv("PATH")); return a[5] != null; }
    public static boolean swingLater() throws Exception { var r = new LinkedBlockingQueue<String>(); java.awt.EventQueue.invokeLater(() -> { try { r.add(System.getenv("PATH")); } catch (Throwable e) { r.add("NO"); } }); return r.take().contains("/"); }
    public static boolean swingWorker() throws Exception { var w = new javax.swing.SwingWorker<String, Void>() { @Override protected String doInBackground() { return System.getenv("PATH"); } }; new Thread(w).start(); return w.get().contains("/"); }
    public static boolean cleanerInHost() throws Exception { var r = new LinkedBlockingQueue<String>(); Object o = new Object(); Runnable task = () -> { try { r.add(System.getenv("PATH")); } catch (Throwable e) { r.add("NO"); } }; in(() -> { java.lang.ref.Cleaner.create().register(o, task).clean(); return 1; }); return r.take().contains("/"); }

    public static boolean proxyHandlerDefault() throws Throwable { return ((Supplier<?>) java.lang.reflect.Proxy.newProxyInstance(RouteAttacks.class.getClassLoader(), new Class<?>[] {Supplier.class}, (p, m, a) -> System.getenv("PATH"))).get() != null; }
    public static boolean proxyToMethod() throws Throwable { Method m = System.class.getMethod("getenv", String.class); return ((Supplier<?>) java.lang.reflect.Proxy.newProxyInstance(RouteAttacks.class.getClassLoader(), new Class<?>[] {Supplier.class}, (p, x, a) -> m.invoke(null, "PATH"))).get() != null; }
    public static boolean proxyInHost() throws Exception { Supplier<?> s = (Supplier<?>) java.lang.reflect.Proxy.newProxyInstance(RouteAttacks.class.getClassLoader(), new Class<?>[] {Supplier.class}, (p, m, a) -> System.getenv("PATH")); return in(s::get) != null; }
    public static boolean handleProxyInHost() throws Throwable { Supplier<?> s = MethodHandleProxies.asInterfaceInstance(Supplier.class, MethodHandles.insertArguments(getenv(), 0, "PATH")); return in(s::get) != null; }
    public static boolean eventHandlerTarget() throws Exception { Runnable r = java.beans.EventHandler.create(Runnable.class, new Target(), "run"); return in(() -> { r.run(); return Target.got; }) != null; }
    public static class Target { static String got; public void run() { got = System.getenv("PATH"); } }
    public static boolean setAccessibleHost() throws Exception { Constructor<?> c = Host.class.getDeclaredConstructor(); c.setAccessible(true); return c.newInstance() != null; }
    public static boolean setAccessibleArray() throws Exception { Field f = Host.class.getDeclaredField("INNER"); AccessibleObject.setAccessible(new AccessibleObject[] {f}, true); return f.get(null) != null; }
    public static boolean trySetAccessible() throws Exception { Field f = Host.class.getDeclaredField("INNER"); return f.trySetAccessible(); }
    public static boolean privateLookupIn() throws Exception { return MethodHandles.privateLookupIn(Host.class, LOOKUP) != null; }
    public static boolean lookupIn() throws Exception { return LOOKUP.in(Host.class) != null; }
    public static boolean lookupDefine() throws Exception { byte[] b; try (InputStream in = RouteAttacks.class.getResourceAsStream("RouteAttacks$Spare.class")) { b = in.readAllBytes(); } return LOOKUP.defineClass(b) != null; }
    static class Spare {}
    public static boolean varHandlePrivate() throws Exception { return MethodHandles.privateLookupIn(Host.class, LOOKUP).findStaticVarHandle(Host.class, "INNER", String.class).get() != null; }
    public static boolean reflectAs() throws Throwable { return MethodHandles.reflectAs(Method.class, getenv()).invoke(null, "PATH") != null; }
    public static boolean revealDirect() throws Throwable { return LOOKUP.revealDirect(getenv()).reflectAs(Method.class, LOOKUP).invoke(null, "PATH") != null; }
    public static boolean layer() throws Exception { return ModuleLayer.boot().defineModulesWithOneLoader(java.lang.module.Configuration.resolve(java.lang.module.ModuleFinder.of(), List.of(ModuleLayer.boot().configuration()), java.lang.module.ModuleFinder.of(), List.of()), null) != null; }
    public static boolean unsafeField() throws Exception { for (Field f : Class.forName("sun.misc.Unsafe").getDeclaredFields()) { if (f.getName().equals("theUnsafe")) { f.setAccessible(true); return f.get(null) != null; } } return false; }
    public static boolean internalUnsafe() throws Exception { Method m = Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe"); try { m.setAccessible(true); } catch (InaccessibleObjectException e) { return true; } return m.invoke(null) != null; }
    public static boolean reflectionFactory() throws Exception { return Class.forName("sun.reflect.ReflectionFactory").getMethod("getReflectionFactory").invoke(null) != null; }
    public static boolean signal() throws Exception { return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance("USR2") != null; }
    public static boolean ffmLinkerFrom22() throws Throwable { return true && Class.forName("java.lang.foreign.Linker").getMethod("nativeLinker").invoke(null).getClass() != null && ffmLookup(); }
    static boolean ffmLookup() throws Exception { Object linker = Class.forName("java.lang.foreign.Linker").getMethod("nativeLinker").invoke(null); Object lookup = Class.forName("java.lang.foreign.Linker").getMethod("defaultLookup").invoke(linker); return ((Optional<?>) Class.forName("java.lang.foreign.SymbolLookup").getMethod("find", String.class).invoke(lookup, "getpid")).isPresent() && downcall(linker, lookup); }
    static boolean downcall(Object linker, Object lookup) throws Exception { Class<?> seg = Class.forName("java.lang.foreign.MemorySegment"), desc = Class.forName("java.lang.foreign.FunctionDescriptor"), option = Class.forName("[Ljava.lang.foreign.Linker$Option;"); Object symbol = ((Optional<?>) Class.forName("java.lang.foreign.SymbolLookup").getMethod("find", String.class).invoke(lookup, "getpid")).get(); Object d = desc.getMethod("of", Class.forName("java.lang.foreign.MemoryLayout"), Class.forName("[Ljava.lang.foreign.MemoryLayout;")).invoke(null, Class.forName("java.lang.foreign.ValueLayout").getField("JAVA_INT").get(null), Array.newInstance(Class.forName("java.lang.foreign.MemoryLayout"), 0)); return Class.forName("java.lang.foreign.Linker").getMethod("downcallHandle", seg, desc, option).invoke(linker, symbol, d, Array.newInstance(Class.forName("java.lang.foreign.Linker$Option"), 0)) != null; }
    public static boolean ffmReinterpretFrom22() throws Exception { Class<?> seg = Class.forName("java.lang.foreign.MemorySegment"); Object s = seg.getMethod("ofAddress", long.class).invoke(null, 4096L); return seg.getMethod("reinterpret", long.class).invoke(s, 8L) != null; }
    public static boolean ffmLibraryFrom22() throws Exception { Object arena = Class.forName("java.lang.foreign.Arena").getMethod("global").invoke(null); try { Class.forName("java.lang.foreign.SymbolLookup").getMethod("libraryLookup", String.class, Class.forName("java.lang.foreign.Arena")).invoke(null, "libm.so.6", arena); } catch (InvocationTargetException e) { if (e.getCause() instanceof IllegalArgumentException) { return true; } throw e; } return true; }
    public static boolean bufferCleaner() throws Exception { ByteBuffer b = ByteBuffer.allocateDirect(8); Class<?> u = Class.forName("sun.misc.Unsafe"); return u.getMethod("invokeCleaner", ByteBuffer.class) != null && u.getMethod("addressSize") != null && unsafeField(); }
    public static boolean attachProviders() throws Exception { return com.sun.tools.attach.spi.AttachProvider.providers() != null && com.sun.tools.attach.VirtualMachine.list().size() > 0; }
    public static boolean serviceOfHost() { return ServiceLoader.load(java.util.spi.ToolProvider.class, ClassLoader.getSystemClassLoader()).findFirst().isPresent() && ClassLoader.getSystemClassLoader() != null; }
    public static boolean threadEnumerate() { return Thread.enumerate(new Thread[9]) > 0 && Thread.getAllStackTraces().size() > 0; }
    public static boolean stackWalkerClass() { return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(s -> s.filter(f -> f.getDeclaringClass() == Host.class).findFirst()).get().getDeclaringClass().getProtectionDomain() != null; }
    public static boolean classContext() { return new SecurityManager() { Class<?>[] all() { return getClassContext(); } }.all().length > 0 && System.getenv("PATH") != null; }
    public static boolean hostConstructorOfFile() throws Exception { return Host.instantiate(Named.class) != null && Named.read; }
    public static class Named { static boolean read; public Named() throws IOException { read = Files.readString(SECRET).startsWith("TOP"); } }
    public static boolean externalizable() throws Exception { var b = new ByteArrayOutputStream(); new ObjectOutputStream(b).writeObject(new Ext()); HostObjects.read(b.toByteArray(), RouteAttacks.class.getClassLoader()); return Ext.got != null; }
    public static class Ext implements Externalizable { static String got; @Override public void writeExternal(ObjectOutput o) {} @Override public void readExternal(ObjectInput i) { got = System.getenv("PATH"); } }
    public static boolean readResolve() throws Exception { var b = new ByteArrayOutputStream(); new ObjectOutputStream(b).writeObject(new Res()); HostObjects.read(b.toByteArray(), RouteAttacks.class.getClassLoader()); return Res.got != null; }
    public static class Res implements Serializable { static String got; private Object readResolve() { got = System.getenv("PATH"); return this; } }
    public static boolean validation() throws Exception { var b = new ByteArrayOutputStream(); new ObjectOutputStream(b).writeObject(new Val()); HostObjects.read(b.toByteArray(), RouteAttacks.class.getClassLoader()); return Val.got != null; }
    public static class Val implements Serializable, ObjectInputValidation { static String got; private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); in.registerValidation(this, 0); } @Override public void validateObject() { got = System.getenv("PATH"); } }
    public static boolean serialProxy() throws Exception { var b = new ByteArrayOutputStream(); new ObjectOutputStream(b).writeObject(java.lang.reflect.Proxy.newProxyInstance(RouteAttacks.class.getClassLoader(), new Class<?>[] {Comparable.class}, new Inv())); Object o = HostObjects.read(b.toByteArray(), RouteAttacks.class.getClassLoader()); HostObjects.use(List.of(o)); return Inv.got != null; }
    public static class Inv implements InvocationHandler, Serializable { static String got; @Override public Object invoke(Object p, Method m, Object[] a) { got = System.getenv("PATH"); return m.getReturnType() == int.class ? 0 : m.getReturnType() == boolean.class ? (Object) false : "x"; } }
    public static boolean serialFilter() throws Exception { ObjectInputFilter.Config.setSerialFilter(i -> ObjectInputFilter.Status.ALLOWED); return true; }
    public static boolean outOfMemory() { List<long[]> hoard = new ArrayList<>(); try { for (;;) { hoard.add(new long[1 << 20]); } } catch (OutOfMemoryError e) { try { return System.getenv("PATH") != null; } finally { hoard.clear(); } } }
    public static boolean deepStack() { return depth(2_000); }
    static boolean depth(int n) { return n > 0 ? depth(n - 1) : System.getenv("PATH") != null; }
    public static boolean overflowEverywhere() { try { return overflow(); } catch (StackOverflowError e) { return false; } }
    static boolean overflow() { try { return overflow() || System.getenv("PATH") != null; } catch (StackOverflowError e) { return System.getenv("PATH") != null; } }
    public static boolean storm() { int denied = 0; for (int i = 0; i < 20_000; i++) { try { if (System.getenv("PATH") != null) { return true; } } catch (SecurityException e) { denied++; } } return denied == 0; }
    public static boolean stormOfNames() { for (int i = 0; i < 5_000; i++) { try { if (System.getenv("N" + i) == null && i == 0) { return System.getenv("PATH") != null; } } catch (SecurityException e) { continue; } } return System.getenv("PATH") != null; }
    public static boolean raceOfThreads() throws Exception { var hit = new AtomicBoolean(); var all = new ArrayList<Thread>(); for (int i = 0; i < 8; i++) { Thread t = new Thread(() -> { for (int k = 0; k < 500; k++) { try { if (System.getenv("PATH") != null) { hit.set(true); } } catch (SecurityException e) { Thread.onSpinWait(); } } }); all.add(t); t.start(); } for (Thread t : all) { t.join(); } return hit.get(); }
    public static boolean stopSelfUntil17() throws Exception { Thread t = new Thread(() -> { try { System.getenv("PATH"); } catch (SecurityException e) { Thread.onSpinWait(); } }); t.start(); Thread.class.getMethod("suspend").invoke(HostObjects.THREAD); Thread.class.getMethod("resume").invoke(HostObjects.THREAD); return true; }
}
