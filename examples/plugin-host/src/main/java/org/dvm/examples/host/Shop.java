package org.dvm.examples.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.pf4j.DefaultPluginManager;
import org.pf4j.PluginManager;
import org.pf4j.PluginWrapper;

/** Runs the tasks of all plugins in the directory {@code plugins}, one after the other. */
public final class Shop {
    private Shop() {}

    /**
     * Runs the shop.
     *
     * @param arguments the gateway's port
     */
    public static void main(String[] arguments) {
        InetSocketAddress gateway =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        PluginManager plugins = new DefaultPluginManager(Path.of("plugins"));
        plugins.loadPlugins();
        plugins.startPlugins();
        for (PluginWrapper plugin : plugins.getStartedPlugins()) {
            for (Task task : plugins.getExtensions(Task.class, plugin.getPluginId())) {
                System.out.println(plugin.getPluginId() + ": " + run(task, gateway));
            }
        }
        plugins.stopPlugins();
    }

    private static String run(Task task, InetSocketAddress gateway) {
        try {
            return task.run(Path.of("inbox"), gateway);
        } catch (SecurityException e) {
            return "stopped. " + e.getMessage();
        } catch (IOException e) {
            return "failed. " + e;
        }
    }
}
