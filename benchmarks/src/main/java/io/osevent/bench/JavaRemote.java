package io.osevent.bench;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.LifecycleListener;

/** Connections of libvirt-java, each with a lifecycle listener. */
final class JavaRemote implements Remote, LifecycleListener {
    private final List<Connect> connections = new ArrayList<>();
    private final Arrivals arrivals;

    JavaRemote(String uri, int n, int operations) throws LibvirtException {
        arrivals = new Arrivals("remote", n, operations);
        for (int i = 0; i < n; i++) {
            Connect connection = new Connect(uri);
            connections.add(connection);
            connection.addLifecycleListener(this);
        }
        arrivals.begin();
    }

    @Override
    public int onLifecycleChange(Domain domain, DomainEvent event) {
        arrivals.arrived();
        return 0;
    }

    @Override
    public List<JsonObject> measure(JvmPeer.Identity identity) throws InterruptedException {
        return arrivals.await(identity);
    }

    /**
     * The listener leaves its domains to the collector, as most do. Each holds its connection open until it is collected,
     * and the next workload needs the descriptors.
     */
    @Override
    public void close() throws LibvirtException {
        for (Connect connection : connections) {
            connection.removeLifecycleListener(this);
            connection.close();
        }
        connections.clear();
        System.gc();
        System.runFinalization();
    }
}
