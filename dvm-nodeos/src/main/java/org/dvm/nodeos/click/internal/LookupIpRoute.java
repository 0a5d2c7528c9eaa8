package org.dvm.nodeos.click.internal;

import java.util.stream.Collectors;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/**
 * Sends packets to the output of the route with the longest prefix of their destination, and notes the gateway if there
 * is one; packets without a route are dropped. Stands for LookupIPRoute, RadixIPLookup, StaticIPLookup, LinearIPLookup
 * and DirectIPLookup, which differ in Click by their tables only.
 */
final class LookupIpRoute extends Element {
    private final String className;
    private final RouteTable table = new RouteTable();
    private int outputs = 1;
    private long drops;

    LookupIpRoute(String className) {
        this.className = className;
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    protected String portCount() {
        return "1/" + outputs + "-";
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected void configure(Args args) {
        for (String text : args.all()) {
            RouteTable.Route route = args.parse("route '" + text + "'", text, RouteTable::parse, NO_ROUTE);
            if (route.output() >= 0) {
                table.add(route);
                outputs = Math.max(outputs, route.output() + 1);
            }
        }
        table.compile();
        readHandler("table", this::tableText);
        readHandler("drops", () -> Long.toString(drops));
        writeHandler("add", value -> change(value, Change.ADD));
        writeHandler("set", value -> change(value, Change.SET));
        writeHandler("remove", value -> change(value, Change.REMOVE));
    }

    private static final RouteTable.Route NO_ROUTE = new RouteTable.Route(new Values.IpPrefix(0, 0), 0, -1);

    private enum Change {
        ADD,
        SET,
        REMOVE
    }

    private String tableText() {
        return table.routes().stream().map(RouteTable.Route::text).collect(Collectors.joining("\n"));
    }

    private void change(String text, Change change) {
        if (change == Change.REMOVE) {
            Values.IpPrefix prefix = Values.ipPrefix(text.trim().split("\\s+")[0]);
            if (!table.remove(new Values.IpPrefix(prefix.address() & prefix.mask(), prefix.mask()))) {
                throw new IllegalArgumentException("no route for '" + text + "'");
            }
        } else {
            RouteTable.Route route = RouteTable.parse(text);
            if (route.output() >= outputCount()) {
                throw new IllegalArgumentException("no output " + route.output() + " is connected");
            }
            if (change == Change.ADD
                    && table.routes().stream().anyMatch(old -> old.prefix().equals(route.prefix()))) {
                throw new IllegalArgumentException("there is a route for '" + text + "'; use set");
            }
            table.add(route);
        }
        table.compile();
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        RouteTable.Route route = table.find(Annotations.destination(packet));
        if (route == null) {
            drops++;
            packet.release();
            return;
        }
        if (route.gateway() != 0) {
            Annotations.setDestination(packet, route.gateway());
        }
        output(route.output()).push(packet);
    }
}
