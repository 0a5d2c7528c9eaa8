package org.dvm.runtime.security;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The permissions of the standard operation set. Inserted checks read them as constants, so that compiled code knows at
 * which address it is said whether everybody has one.
 */
public final class Permissions {
    private static final Map<String, Permission> STANDARD = new HashMap<>();

    /** {@code assertion.status}. */
    public static final Permission ASSERTION_STATUS = standard("assertion.status");

    /** {@code audio.line}. */
    public static final Permission AUDIO_LINE = standard("audio.line");

    /** {@code audio.midi}. */
    public static final Permission AUDIO_MIDI = standard("audio.midi");

    /** {@code audio.play}. */
    public static final Permission AUDIO_PLAY = standard("audio.play");

    /** {@code audio.record}. */
    public static final Permission AUDIO_RECORD = standard("audio.record");

    /** {@code auth.config}. */
    public static final Permission AUTH_CONFIG = standard("auth.config");

    /** {@code auth.login}. */
    public static final Permission AUTH_LOGIN = standard("auth.login");

    /** {@code auth.subject}. */
    public static final Permission AUTH_SUBJECT = standard("auth.subject");

    /** {@code awt.beep}. */
    public static final Permission AWT_BEEP = standard("awt.beep");

    /** {@code awt.clipboard}. */
    public static final Permission AWT_CLIPBOARD = standard("awt.clipboard");

    /** {@code awt.desktop}. */
    public static final Permission AWT_DESKTOP = standard("awt.desktop");

    /** {@code awt.drag}. */
    public static final Permission AWT_DRAG = standard("awt.drag");

    /** {@code awt.drop}. */
    public static final Permission AWT_DROP = standard("awt.drop");

    /** {@code awt.focus}. */
    public static final Permission AWT_FOCUS = standard("awt.focus");

    /** {@code awt.fullscreen}. */
    public static final Permission AWT_FULLSCREEN = standard("awt.fullscreen");

    /** {@code awt.image}. */
    public static final Permission AWT_IMAGE = standard("awt.image");

    /** {@code awt.modality}. */
    public static final Permission AWT_MODALITY = standard("awt.modality");

    /** {@code awt.mouse}. */
    public static final Permission AWT_MOUSE = standard("awt.mouse");

    /** {@code awt.ontop}. */
    public static final Permission AWT_ONTOP = standard("awt.ontop");

    /** {@code awt.print}. */
    public static final Permission AWT_PRINT = standard("awt.print");

    /** {@code awt.queue}. */
    public static final Permission AWT_QUEUE = standard("awt.queue");

    /** {@code awt.robot}. */
    public static final Permission AWT_ROBOT = standard("awt.robot");

    /** {@code awt.tray}. */
    public static final Permission AWT_TRAY = standard("awt.tray");

    /** {@code awt.window}. */
    public static final Permission AWT_WINDOW = standard("awt.window");

    /** {@code class.define}. */
    public static final Permission CLASS_DEFINE = standard("class.define");

    /** {@code class.hidden}. */
    public static final Permission CLASS_HIDDEN = standard("class.hidden");

    /** {@code class.load}. */
    public static final Permission CLASS_LOAD = standard("class.load");

    /** {@code classloader.addurl}. */
    public static final Permission CLASSLOADER_ADDURL = standard("classloader.addurl");

    /** {@code classloader.close}. */
    public static final Permission CLASSLOADER_CLOSE = standard("classloader.close");

    /** {@code classloader.create}. */
    public static final Permission CLASSLOADER_CREATE = standard("classloader.create");

    /** {@code classloader.get}. */
    public static final Permission CLASSLOADER_GET = standard("classloader.get");

    /** {@code crypto.cert}. */
    public static final Permission CRYPTO_CERT = standard("crypto.cert");

    /** {@code crypto.key}. */
    public static final Permission CRYPTO_KEY = standard("crypto.key");

    /** {@code env.read}. */
    public static final Permission ENV_READ = standard("env.read");

    /** {@code file.attr.read}. */
    public static final Permission FILE_ATTR_READ = standard("file.attr.read");

    /** {@code file.attr.view}. */
    public static final Permission FILE_ATTR_VIEW = standard("file.attr.view");

    /** {@code file.attr.write}. */
    public static final Permission FILE_ATTR_WRITE = standard("file.attr.write");

    /** {@code file.channel}. */
    public static final Permission FILE_CHANNEL = standard("file.channel");

    /** {@code file.copy}. */
    public static final Permission FILE_COPY = standard("file.copy");

    /** {@code file.create}. */
    public static final Permission FILE_CREATE = standard("file.create");

    /** {@code file.delete}. */
    public static final Permission FILE_DELETE = standard("file.delete");

    /** {@code file.fd}. */
    public static final Permission FILE_FD = standard("file.fd");

    /** {@code file.link}. */
    public static final Permission FILE_LINK = standard("file.link");

    /** {@code file.list}. */
    public static final Permission FILE_LIST = standard("file.list");

    /** {@code file.lock}. */
    public static final Permission FILE_LOCK = standard("file.lock");

    /** {@code file.map}. */
    public static final Permission FILE_MAP = standard("file.map");

    /** {@code file.open.read}. */
    public static final Permission FILE_OPEN_READ = standard("file.open.read");

    /** {@code file.open.rw}. */
    public static final Permission FILE_OPEN_RW = standard("file.open.rw");

    /** {@code file.open.write}. */
    public static final Permission FILE_OPEN_WRITE = standard("file.open.write");

    /** {@code file.read}. */
    public static final Permission FILE_READ = standard("file.read");

    /** {@code file.readlink}. */
    public static final Permission FILE_READLINK = standard("file.readlink");

    /** {@code file.rename}. */
    public static final Permission FILE_RENAME = standard("file.rename");

    /** {@code file.watch}. */
    public static final Permission FILE_WATCH = standard("file.watch");

    /** {@code file.write}. */
    public static final Permission FILE_WRITE = standard("file.write");

    /** {@code filestore.read}. */
    public static final Permission FILESTORE_READ = standard("filestore.read");

    /** {@code fs.create}. */
    public static final Permission FS_CREATE = standard("fs.create");

    /** {@code fs.get}. */
    public static final Permission FS_GET = standard("fs.get");

    /** {@code fs.provider}. */
    public static final Permission FS_PROVIDER = standard("fs.provider");

    /** {@code fs.roots}. */
    public static final Permission FS_ROOTS = standard("fs.roots");

    /** {@code http.client}. */
    public static final Permission HTTP_CLIENT = standard("http.client");

    /** {@code http.send}. */
    public static final Permission HTTP_SEND = standard("http.send");

    /** {@code http.websocket}. */
    public static final Permission HTTP_WEBSOCKET = standard("http.websocket");

    /** {@code instrument.attach}. */
    public static final Permission INSTRUMENT_ATTACH = standard("instrument.attach");

    /** {@code instrument.compiler}. */
    public static final Permission INSTRUMENT_COMPILER = standard("instrument.compiler");

    /** {@code instrument.jdi}. */
    public static final Permission INSTRUMENT_JDI = standard("instrument.jdi");

    /** {@code instrument.jfr}. */
    public static final Permission INSTRUMENT_JFR = standard("instrument.jfr");

    /** {@code instrument.jshell}. */
    public static final Permission INSTRUMENT_JSHELL = standard("instrument.jshell");

    /** {@code instrument.script}. */
    public static final Permission INSTRUMENT_SCRIPT = standard("instrument.script");

    /** {@code instrument.transform}. */
    public static final Permission INSTRUMENT_TRANSFORM = standard("instrument.transform");

    /** {@code jmx.diagnostic}. */
    public static final Permission JMX_DIAGNOSTIC = standard("jmx.diagnostic");

    /** {@code jmx.invoke}. */
    public static final Permission JMX_INVOKE = standard("jmx.invoke");

    /** {@code jmx.monitor}. */
    public static final Permission JMX_MONITOR = standard("jmx.monitor");

    /** {@code jmx.register}. */
    public static final Permission JMX_REGISTER = standard("jmx.register");

    /** {@code jmx.remote}. */
    public static final Permission JMX_REMOTE = standard("jmx.remote");

    /** {@code jmx.server}. */
    public static final Permission JMX_SERVER = standard("jmx.server");

    /** {@code jndi.factory}. */
    public static final Permission JNDI_FACTORY = standard("jndi.factory");

    /** {@code jndi.lookup}. */
    public static final Permission JNDI_LOOKUP = standard("jndi.lookup");

    /** {@code jndi.search}. */
    public static final Permission JNDI_SEARCH = standard("jndi.search");

    /** {@code jvm.cache}. */
    public static final Permission JVM_CACHE = standard("jvm.cache");

    /** {@code jvm.console}. */
    public static final Permission JVM_CONSOLE = standard("jvm.console");

    /** {@code jvm.global}. */
    public static final Permission JVM_GLOBAL = standard("jvm.global");

    /** {@code jvm.io}. */
    public static final Permission JVM_IO = standard("jvm.io");

    /** {@code jvm.locale}. */
    public static final Permission JVM_LOCALE = standard("jvm.locale");

    /** {@code jvm.net.factory}. */
    public static final Permission JVM_NET_FACTORY = standard("jvm.net.factory");

    /** {@code jvm.net.global}. */
    public static final Permission JVM_NET_GLOBAL = standard("jvm.net.global");

    /** {@code jvm.perf}. */
    public static final Permission JVM_PERF = standard("jvm.perf");

    /** {@code jvm.registry}. */
    public static final Permission JVM_REGISTRY = standard("jvm.registry");

    /** {@code jvm.secman}. */
    public static final Permission JVM_SECMAN = standard("jvm.secman");

    /** {@code jvm.secman.get}. */
    public static final Permission JVM_SECMAN_GET = standard("jvm.secman.get");

    /** {@code jvm.spi}. */
    public static final Permission JVM_SPI = standard("jvm.spi");

    /** {@code jvm.sql}. */
    public static final Permission JVM_SQL = standard("jvm.sql");

    /** {@code jvm.timezone}. */
    public static final Permission JVM_TIMEZONE = standard("jvm.timezone");

    /** {@code jvm.tls}. */
    public static final Permission JVM_TLS = standard("jvm.tls");

    /** {@code kerberos}. */
    public static final Permission KERBEROS = standard("kerberos");

    /** {@code logging.control}. */
    public static final Permission LOGGING_CONTROL = standard("logging.control");

    /** {@code logging.finder}. */
    public static final Permission LOGGING_FINDER = standard("logging.finder");

    /** {@code logging.get}. */
    public static final Permission LOGGING_GET = standard("logging.get");

    /** {@code logging.net}. */
    public static final Permission LOGGING_NET = standard("logging.net");

    /** {@code module.layer}. */
    public static final Permission MODULE_LAYER = standard("module.layer");

    /** {@code module.read}. */
    public static final Permission MODULE_READ = standard("module.read");

    /** {@code native.ffm.enable}. */
    public static final Permission NATIVE_FFM_ENABLE = standard("native.ffm.enable");

    /** {@code native.ffm.link}. */
    public static final Permission NATIVE_FFM_LINK = standard("native.ffm.link");

    /** {@code native.ffm.lookup}. */
    public static final Permission NATIVE_FFM_LOOKUP = standard("native.ffm.lookup");

    /** {@code native.ffm.mem}. */
    public static final Permission NATIVE_FFM_MEM = standard("native.ffm.mem");

    /** {@code native.find}. */
    public static final Permission NATIVE_FIND = standard("native.find");

    /** {@code native.load}. */
    public static final Permission NATIVE_LOAD = standard("native.load");

    /** {@code native.mem}. */
    public static final Permission NATIVE_MEM = standard("native.mem");

    /** {@code native.module}. */
    public static final Permission NATIVE_MODULE = standard("native.module");

    /** {@code native.name}. */
    public static final Permission NATIVE_NAME = standard("native.name");

    /** {@code native.signal}. */
    public static final Permission NATIVE_SIGNAL = standard("native.signal");

    /** {@code native.unsafe}. */
    public static final Permission NATIVE_UNSAFE = standard("native.unsafe");

    /** {@code net.accept}. */
    public static final Permission NET_ACCEPT = standard("net.accept");

    /** {@code net.address.read}. */
    public static final Permission NET_ADDRESS_READ = standard("net.address.read");

    /** {@code net.auth}. */
    public static final Permission NET_AUTH = standard("net.auth");

    /** {@code net.bind}. */
    public static final Permission NET_BIND = standard("net.bind");

    /** {@code net.connect}. */
    public static final Permission NET_CONNECT = standard("net.connect");

    /** {@code net.fd}. */
    public static final Permission NET_FD = standard("net.fd");

    /** {@code net.icmp}. */
    public static final Permission NET_ICMP = standard("net.icmp");

    /** {@code net.iface}. */
    public static final Permission NET_IFACE = standard("net.iface");

    /** {@code net.inherited}. */
    public static final Permission NET_INHERITED = standard("net.inherited");

    /** {@code net.listen}. */
    public static final Permission NET_LISTEN = standard("net.listen");

    /** {@code net.multicast}. */
    public static final Permission NET_MULTICAST = standard("net.multicast");

    /** {@code net.open}. */
    public static final Permission NET_OPEN = standard("net.open");

    /** {@code net.option}. */
    public static final Permission NET_OPTION = standard("net.option");

    /** {@code net.pool}. */
    public static final Permission NET_POOL = standard("net.pool");

    /** {@code net.provider}. */
    public static final Permission NET_PROVIDER = standard("net.provider");

    /** {@code net.read}. */
    public static final Permission NET_READ = standard("net.read");

    /** {@code net.receive}. */
    public static final Permission NET_RECEIVE = standard("net.receive");

    /** {@code net.resolve}. */
    public static final Permission NET_RESOLVE = standard("net.resolve");

    /** {@code net.resolve.reverse}. */
    public static final Permission NET_RESOLVE_REVERSE = standard("net.resolve.reverse");

    /** {@code net.selector}. */
    public static final Permission NET_SELECTOR = standard("net.selector");

    /** {@code net.send}. */
    public static final Permission NET_SEND = standard("net.send");

    /** {@code net.socket.create}. */
    public static final Permission NET_SOCKET_CREATE = standard("net.socket.create");

    /** {@code net.write}. */
    public static final Permission NET_WRITE = standard("net.write");

    /** {@code pool.common}. */
    public static final Permission POOL_COMMON = standard("pool.common");

    /** {@code pool.create}. */
    public static final Permission POOL_CREATE = standard("pool.create");

    /** {@code pool.queue}. */
    public static final Permission POOL_QUEUE = standard("pool.queue");

    /** {@code pool.shutdown}. */
    public static final Permission POOL_SHUTDOWN = standard("pool.shutdown");

    /** {@code pool.submit}. */
    public static final Permission POOL_SUBMIT = standard("pool.submit");

    /** {@code prefs.read}. */
    public static final Permission PREFS_READ = standard("prefs.read");

    /** {@code prefs.write}. */
    public static final Permission PREFS_WRITE = standard("prefs.write");

    /** {@code process.exec}. */
    public static final Permission PROCESS_EXEC = standard("process.exec");

    /** {@code process.info}. */
    public static final Permission PROCESS_INFO = standard("process.info");

    /** {@code process.io}. */
    public static final Permission PROCESS_IO = standard("process.io");

    /** {@code process.kill}. */
    public static final Permission PROCESS_KILL = standard("process.kill");

    /** {@code property.read}. */
    public static final Permission PROPERTY_READ = standard("property.read");

    /** {@code property.read.all}. */
    public static final Permission PROPERTY_READ_ALL = standard("property.read.all");

    /** {@code property.security}. */
    public static final Permission PROPERTY_SECURITY = standard("property.security");

    /** {@code property.write}. */
    public static final Permission PROPERTY_WRITE = standard("property.write");

    /** {@code property.write.all}. */
    public static final Permission PROPERTY_WRITE_ALL = standard("property.write.all");

    /** {@code reflect.access}. */
    public static final Permission REFLECT_ACCESS = standard("reflect.access");

    /** {@code reflect.beans}. */
    public static final Permission REFLECT_BEANS = standard("reflect.beans");

    /** {@code reflect.beans.global}. */
    public static final Permission REFLECT_BEANS_GLOBAL = standard("reflect.beans.global");

    /** {@code reflect.field}. */
    public static final Permission REFLECT_FIELD = standard("reflect.field");

    /** {@code reflect.find}. */
    public static final Permission REFLECT_FIND = standard("reflect.find");

    /** {@code reflect.internal}. */
    public static final Permission REFLECT_INTERNAL = standard("reflect.internal");

    /** {@code reflect.invoke}. */
    public static final Permission REFLECT_INVOKE = standard("reflect.invoke");

    /** {@code reflect.loadclass}. */
    public static final Permission REFLECT_LOADCLASS = standard("reflect.loadclass");

    /** {@code reflect.lookup}. */
    public static final Permission REFLECT_LOOKUP = standard("reflect.lookup");

    /** {@code reflect.members}. */
    public static final Permission REFLECT_MEMBERS = standard("reflect.members");

    /** {@code reflect.metafactory}. */
    public static final Permission REFLECT_METAFACTORY = standard("reflect.metafactory");

    /** {@code reflect.module}. */
    public static final Permission REFLECT_MODULE = standard("reflect.module");

    /** {@code reflect.pd}. */
    public static final Permission REFLECT_PD = standard("reflect.pd");

    /** {@code reflect.proxy}. */
    public static final Permission REFLECT_PROXY = standard("reflect.proxy");

    /** {@code reflect.proxy.handle}. */
    public static final Permission REFLECT_PROXY_HANDLE = standard("reflect.proxy.handle");

    /** {@code reflect.stack}. */
    public static final Permission REFLECT_STACK = standard("reflect.stack");

    /** {@code reflect.updater}. */
    public static final Permission REFLECT_UPDATER = standard("reflect.updater");

    /** {@code resource.read}. */
    public static final Permission RESOURCE_READ = standard("resource.read");

    /** {@code rmi.export}. */
    public static final Permission RMI_EXPORT = standard("rmi.export");

    /** {@code rmi.loader}. */
    public static final Permission RMI_LOADER = standard("rmi.loader");

    /** {@code rmi.log}. */
    public static final Permission RMI_LOG = standard("rmi.log");

    /** {@code rmi.lookup}. */
    public static final Permission RMI_LOOKUP = standard("rmi.lookup");

    /** {@code rmi.registry}. */
    public static final Permission RMI_REGISTRY = standard("rmi.registry");

    /** {@code security.acc}. */
    public static final Permission SECURITY_ACC = standard("security.acc");

    /** {@code security.domain}. */
    public static final Permission SECURITY_DOMAIN = standard("security.domain");

    /** {@code security.identity}. */
    public static final Permission SECURITY_IDENTITY = standard("security.identity");

    /** {@code security.policy}. */
    public static final Permission SECURITY_POLICY = standard("security.policy");

    /** {@code security.provider}. */
    public static final Permission SECURITY_PROVIDER = standard("security.provider");

    /** {@code serial.filter}. */
    public static final Permission SERIAL_FILTER = standard("serial.filter");

    /** {@code serial.get}. */
    public static final Permission SERIAL_GET = standard("serial.get");

    /** {@code serial.read}. */
    public static final Permission SERIAL_READ = standard("serial.read");

    /** {@code serial.resolve}. */
    public static final Permission SERIAL_RESOLVE = standard("serial.resolve");

    /** {@code serial.write}. */
    public static final Permission SERIAL_WRITE = standard("serial.write");

    /** {@code service.load}. */
    public static final Permission SERVICE_LOAD = standard("service.load");

    /** {@code smartcard}. */
    public static final Permission SMARTCARD = standard("smartcard");

    /** {@code sql.connect}. */
    public static final Permission SQL_CONNECT = standard("sql.connect");

    /** {@code stream.wrap}. */
    public static final Permission STREAM_WRAP = standard("stream.wrap");

    /** {@code swing.laf}. */
    public static final Permission SWING_LAF = standard("swing.laf");

    /** {@code swing.shared}. */
    public static final Permission SWING_SHARED = standard("swing.shared");

    /** {@code thread.access}. */
    public static final Permission THREAD_ACCESS = standard("thread.access");

    /** {@code thread.contextloader}. */
    public static final Permission THREAD_CONTEXTLOADER = standard("thread.contextloader");

    /** {@code thread.create}. */
    public static final Permission THREAD_CREATE = standard("thread.create");

    /** {@code thread.inspect}. */
    public static final Permission THREAD_INSPECT = standard("thread.inspect");

    /** {@code thread.inspect.all}. */
    public static final Permission THREAD_INSPECT_ALL = standard("thread.inspect.all");

    /** {@code thread.interrupt}. */
    public static final Permission THREAD_INTERRUPT = standard("thread.interrupt");

    /** {@code thread.modify}. */
    public static final Permission THREAD_MODIFY = standard("thread.modify");

    /** {@code thread.park}. */
    public static final Permission THREAD_PARK = standard("thread.park");

    /** {@code thread.start}. */
    public static final Permission THREAD_START = standard("thread.start");

    /** {@code thread.stop}. */
    public static final Permission THREAD_STOP = standard("thread.stop");

    /** {@code thread.structured}. */
    public static final Permission THREAD_STRUCTURED = standard("thread.structured");

    /** {@code threadgroup.access}. */
    public static final Permission THREADGROUP_ACCESS = standard("threadgroup.access");

    /** {@code threadgroup.create}. */
    public static final Permission THREADGROUP_CREATE = standard("threadgroup.create");

    /** {@code threadgroup.inspect}. */
    public static final Permission THREADGROUP_INSPECT = standard("threadgroup.inspect");

    /** {@code threadgroup.modify}. */
    public static final Permission THREADGROUP_MODIFY = standard("threadgroup.modify");

    /** {@code tls.config}. */
    public static final Permission TLS_CONFIG = standard("tls.config");

    /** {@code tls.context}. */
    public static final Permission TLS_CONTEXT = standard("tls.context");

    /** {@code url.connect}. */
    public static final Permission URL_CONNECT = standard("url.connect");

    /** {@code url.handler}. */
    public static final Permission URL_HANDLER = standard("url.handler");

    /** {@code url.open}. */
    public static final Permission URL_OPEN = standard("url.open");

    /** {@code url.parse}. */
    public static final Permission URL_PARSE = standard("url.parse");

    /** {@code url.request}. */
    public static final Permission URL_REQUEST = standard("url.request");

    /** {@code user.lookup}. */
    public static final Permission USER_LOOKUP = standard("user.lookup");

    /** {@code vm.exit}. */
    public static final Permission VM_EXIT = standard("vm.exit");

    /** {@code vm.gc}. */
    public static final Permission VM_GC = standard("vm.gc");

    /** {@code vm.hook}. */
    public static final Permission VM_HOOK = standard("vm.hook");

    /** {@code xml.external}. */
    public static final Permission XML_EXTERNAL = standard("xml.external");

    /** {@code xml.property}. */
    public static final Permission XML_PROPERTY = standard("xml.property");

    private Permissions() {}

    private static Permission standard(String name) {
        Permission permission = Permission.of(name);
        STANDARD.put(name, permission);
        return permission;
    }

    /** Returns the name of the constant that a permission has here; null if it isn't of the standard set. */
    public static @Nullable String constant(String permission) {
        return STANDARD.containsKey(permission) ? constantName(permission) : null;
    }

    private static String constantName(String permission) {
        return permission.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
