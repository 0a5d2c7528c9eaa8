import java.io.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.lang.reflect.Proxy;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import org.dvm.security.redteam.Host;
import org.dvm.security.redteam.HostObjects;
import org.dvm.security.redteam.HostOperations.*;

/** Gets at operations and objects that the host has defined for itself. */
public class ApplicationAttacks {
    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    static boolean gold(Vault v) { return v.content().equals("GOLD"); }

    public static boolean construct() { return gold(new Vault()); }
    public static boolean constructWith() { return new Vault("x").content().equals("x"); }
    public static boolean constructReflected() throws Exception { return gold(Vault.class.getConstructor().newInstance()); }
    public static boolean constructByHandle() throws Throwable { return gold((Vault) LOOKUP.findConstructor(Vault.class, MethodType.methodType(void.class)).invoke()); }
    public static boolean constructByReference() { Supplier<Vault> s = Vault::new; return gold(s.get()); }
    public static boolean constructReferenceInHost() throws Exception { Supplier<Vault> s = Vault::new; return gold(HostObjects.run(s::get)); }
    static class MyVault extends Vault { private static final long serialVersionUID = 1L; MyVault() { super(); } MyVault(int i) { super("x"); } }
    public static boolean constructSubclass() { return gold(new MyVault()); }
    public static boolean constructSubclassOther() { return new MyVault(1).content().equals("x"); }
    public static boolean constructAnonymous() { return gold(new Vault() { private static final long serialVersionUID = 1L; }); }
    public static boolean constructLazily() { return org.dvm.security.redteam.HostOperations.lazyVault().get().equals("GOLD"); }
    public static boolean finalized() throws Exception { try { new Escaping(); } catch (SecurityException e) { LOOT.add("denied"); } for (int i = 0; i < 40 && LOOT.size() < 2; i++) { System.gc(); Thread.sleep(5); } return LOOT.contains("GOLD"); }
    static final Queue<String> LOOT = new ConcurrentLinkedQueue<>();
    static class Escaping extends Vault { private static final long serialVersionUID = 1L; @Override @SuppressWarnings("removal") protected void finalize() { LOOT.add(content()); } }
    static byte[] forged() throws Exception { var b = new ByteArrayOutputStream(); var d = new DataOutputStream(b); d.writeInt(0xACED0005); d.write(0x73); d.write(0x72); d.writeUTF("org.dvm.security.redteam.HostOperations$Vault"); d.writeLong(1L); d.write(2); d.writeShort(1); d.write('L'); d.writeUTF("content"); d.write(0x74); d.writeUTF("Ljava/lang/String;"); d.write(0x78); d.write(0x70); d.write(0x74); d.writeUTF("GOLD"); return b.toByteArray(); }
    public static boolean forgedStream() throws Exception { return gold((Vault) new ObjectInputStream(new ByteArrayInputStream(forged())).readObject()); }
    public static boolean forgedSubclass() throws Exception { return gold((Vault) new ObjectInputStream(new ByteArrayInputStream(forged())) { @Override protected Class<?> resolveClass(ObjectStreamClass c) throws IOException, ClassNotFoundException { return c.getName().endsWith("Vault") ? MySerial.class : super.resolveClass(c); } @Override protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException { super.readClassDescriptor(); return ObjectStreamClass.lookup(MySerial.class); } }.readObject()); }
    static class MySerial extends Vault { private static final long serialVersionUID = 1L; MySerial() { super("x"); } }
    public static boolean forgedTicket() throws Exception { var b = new ByteArrayOutputStream(); var d = new DataOutputStream(b); d.writeInt(0xACED0005); d.write(0x73); d.write(0x72); d.writeUTF("org.dvm.security.redteam.HostOperations$Ticket"); d.writeLong(0L); d.write(2); d.writeShort(1); d.write('L'); d.writeUTF("holder"); d.write(0x74); d.writeUTF("Ljava/lang/String;"); d.write(0x78); d.write(0x70); d.write(0x74); d.writeUTF("me"); return ((Ticket) new ObjectInputStream(new ByteArrayInputStream(b.toByteArray())).readObject()).holder().equals("me"); }
    public static boolean ticket() { return new Ticket("me").holder().equals("me"); }
    public static boolean ticketReflected() throws Exception { return ((Ticket) Ticket.class.getDeclaredConstructors()[0].newInstance("me")).holder().equals("me"); }

    public static boolean store() { return new TextStore().put("x").startsWith("STORED"); }
    public static boolean storeBridge() { Store<String> s = new TextStore(); return s.put("x").startsWith("STORED"); }
    public static boolean storeRaw() { @SuppressWarnings({"rawtypes", "unchecked"}) String s = ((Store) new TextStore()).put("x"); return s.startsWith("STORED"); }
    public static boolean storeReflected() throws Exception { return TextStore.class.getMethod("put", String.class).invoke(new TextStore(), "x").toString().startsWith("STORED"); }
    public static boolean storeHandle() throws Throwable { return ((String) LOOKUP.findVirtual(TextStore.class, "put", MethodType.methodType(String.class, String.class)).invoke(new TextStore(), "x")).startsWith("STORED"); }
    public static boolean storeReference() { Function<String, String> f = new TextStore()::put; return f.apply("x").startsWith("STORED"); }
    public static boolean storeDefault() { return new TextStore().putTwice("x").startsWith("STORED"); }
    public static boolean storeSuper() { return new TextStore() { @Override public String put(String x) { return super.put(x); } }.put("x").startsWith("STORED"); }
    public static boolean storeInherited() { return new NumberStore().put(1).startsWith("STORED"); }
    public static boolean storeInheritedByInterface() { Store<Integer> s = new NumberStore(); return s.put(1).startsWith("STORED"); }
    public static boolean storeInHost() throws Exception { Function<String, String> f = new TextStore()::put; return HostObjects.run(() -> f.apply("x")).startsWith("STORED"); }
    public static boolean storeProxy() throws Throwable { var s = new TextStore(); Supplier<?> p = (Supplier<?>) Proxy.newProxyInstance(ApplicationAttacks.class.getClassLoader(), new Class<?>[] {Supplier.class}, (x, m, a) -> s.put("x")); return p.get().toString().startsWith("STORED"); }
    public static boolean storeExpression() throws Exception { return new java.beans.Expression(new TextStore(), "put", new Object[] {"x"}).getValue().toString().startsWith("STORED"); }

    public static boolean archive() { return new TextArchive().open("x").startsWith("TEXT"); }
    public static boolean archiveBridge() { Archive a = new TextArchive(); return a.open("x").toString().startsWith("TEXT"); }
    public static boolean archiveReflected() throws Exception { for (Method m : TextArchive.class.getDeclaredMethods()) { if (m.getName().equals("open") && m.getReturnType() == String.class) { return m.invoke(new TextArchive(), "x").toString().startsWith("TEXT"); } } return false; }
    public static boolean archiveHandle() throws Throwable { return ((String) LOOKUP.findVirtual(TextArchive.class, "open", MethodType.methodType(String.class, String.class)).invokeExact(new TextArchive(), "x")).startsWith("TEXT"); }

    public static boolean pay() throws Exception { return org.dvm.security.redteam.HostOperations.account().pay("me", 5) == 5; }
    public static boolean payOverridden() { return new GoldAccount().pay("me", 5) == 10; }
    public static boolean payByInterface() throws Exception { ToLongFunction<Account> f = a -> a.pay("me", 5); return f.applyAsLong(org.dvm.security.redteam.HostOperations.account()) == 5; }
    public static boolean payBound() throws Exception { var a = org.dvm.security.redteam.HostOperations.account(); ToLongBiFunction<String, Long> f = a::pay; return HostObjects.run(() -> f.applyAsLong("me", 5L)) == 5; }
    public static boolean paySubclass() { return new Account() { @Override public long pay(String to, long n) { return super.pay(to, n); } }.pay("me", 5) == 5; }

    public static boolean document() { return org.dvm.security.redteam.HostOperations.Documents.readText("secret").startsWith("DOCUMENT"); }
    public static boolean documentSequence() { return org.dvm.security.redteam.HostOperations.Documents.read(new StringBuilder("secret")).startsWith("DOCUMENT"); }
    public static boolean documentArray() { return org.dvm.security.redteam.HostOperations.Documents.readAll(new String[] {"secret"}).startsWith("DOCUMENT"); }
    public static boolean documentHandle() throws Throwable { return ((String) LOOKUP.findStatic(org.dvm.security.redteam.HostOperations.Documents.class, "readText", MethodType.methodType(String.class, String.class)).invokeExact("secret")).startsWith("DOCUMENT"); }
    public static boolean documentSwitch() { return Stream2.of("secret").map(org.dvm.security.redteam.HostOperations.Documents::readText).startsWith("DOCUMENT"); }
    record Stream2(String s) { static Stream2 of(String s) { return new Stream2(s); } String map(UnaryOperator<String> f) { return f.apply(s); } }
    public static boolean lever() { return Lever.DOOR.pull().equals("PULLED"); }
    public static boolean leverReference() { return Optional.of(Lever.DOOR).map(Lever::pull).get().equals("PULLED"); }
}
