package org.dvm.nodeos.click.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.dvm.nodeos.click.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatALinearSearchFinds(long seed) {
        Random random = new Random(seed);
        RouteTable table = new RouteTable();
        List<RouteTable.Route> routes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int length = random.nextInt(33);
            int mask = length == 0 ? 0 : -1 << (32 - length);
            // Few distinct upper bytes, so that prefixes nest.
            int address = (random.nextInt(4) << 24 | random.nextInt(3) << 16 | random.nextInt(1 << 16)) & mask;
            RouteTable.Route route = new RouteTable.Route(new Values.IpPrefix(address, mask), 0, i);
            routes.removeIf(old -> old.prefix().equals(route.prefix()));
            routes.add(route);
            table.add(route);
        }
        table.compile();
        for (int i = 0; i < 20_000; i++) {
            int address = random.nextInt(4) << 24 | random.nextInt(3) << 16 | random.nextInt(1 << 16);
            RouteTable.Route expected = routes.stream()
                    .filter(route -> route.prefix().contains(address))
                    .max(Comparator.comparingInt(
                            route -> Integer.bitCount(route.prefix().mask())))
                    .orElse(null);
            assertThat(table.find(address)).as(Values.dotted(address)).isEqualTo(expected);
        }
    }

    @Test
    void removesRoutes() {
        RouteTable table = new RouteTable();
        table.add(RouteTable.parse("10.0.0.0/8 1"));
        table.add(RouteTable.parse("10.1.0.0/16 10.0.0.1 2"));
        table.compile();
        assertThat(table.find(Values.ipAddress("10.1.2.3")))
                .extracting(RouteTable.Route::gateway)
                .isEqualTo(Values.ipAddress("10.0.0.1"));
        assertThat(table.remove(Values.ipPrefix("10.1.0.0/16"))).isTrue();
        table.compile();
        assertThat(table.find(Values.ipAddress("10.1.2.3")))
                .extracting(RouteTable.Route::output)
                .isEqualTo(1);
    }

    @Test
    void refusesMasksWithHoles() {
        assertThatThrownBy(() -> RouteTable.parse("10.0.0.0/255.0.255.0 1")).hasMessageContaining("contiguous");
    }
}
