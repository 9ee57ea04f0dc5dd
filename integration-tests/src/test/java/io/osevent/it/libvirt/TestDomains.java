package io.osevent.it.libvirt;

import java.util.ArrayList;
import java.util.List;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/** Running domains of libvirt's test driver, each toggled between paused and running: one event for each toggle. */
final class TestDomains {
    /** What a listener hears of a toggle. */
    record Change(String domain, String event) {}

    private static final String XML = """
            <domain type='test'>
              <name>%s</name>
              <memory unit='MiB'>1</memory>
              <vcpu>1</vcpu>
              <os><type>hvm</type></os>
            </domain>
            """;

    private final List<Domain> domains = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Boolean> paused = new ArrayList<>();

    private TestDomains() {}

    /** Creates {@code count} domains whose names begin with {@code prefix}. */
    static TestDomains create(Connect connect, String prefix, int count) throws LibvirtException {
        TestDomains domains = new TestDomains();
        for (int i = 0; i < count; i++) {
            String name = prefix + i;
            domains.domains.add(connect.domainCreateXML(XML.formatted(name), 0));
            domains.names.add(name);
            domains.paused.add(false);
        }
        return domains;
    }

    int size() {
        return domains.size();
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /** Suspends or resumes a domain, and says which event must come of it. */
    Change toggle(int index) throws LibvirtException {
        boolean pause = !paused.get(index);
        paused.set(index, pause);
        if (pause) {
            domains.get(index).suspend();
            return new Change(names.get(index), "SUSPENDED (PAUSED)");
        }
        domains.get(index).resume();
        return new Change(names.get(index), "RESUMED (UNPAUSED)");
    }

    /** Lets go of them, and leaves them as they are. */
    void forget() throws LibvirtException {
        for (Domain domain : domains) {
            domain.free();
        }
        domains.clear();
    }

    /** Destroys them all. */
    void destroy() throws LibvirtException {
        for (Domain domain : domains) {
            domain.destroy();
            domain.free();
        }
        domains.clear();
    }
}
