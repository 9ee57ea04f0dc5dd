package io.osevent.vertx.libvirt;

import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.List;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/** The blocking calls about domains; they run on a worker. */
final class DomainCalls {

    private static final int ALL = 0;

    private DomainCalls() {}

    static List<DomainSummary> list(NativeConnect connect) throws LibvirtException {
        Domain[] domains = connect.listAllDomains(ALL);
        List<DomainSummary> result = new ArrayList<>(domains.length);
        for (Domain domain : domains) {
            try {
                // A domain may vanish between the list and the look-up; then it is not in the list.
                result.add(byUuid(connect, domain.getUUIDString()));
            } catch (LibvirtFailure e) {
                if (e.kind() != LibvirtFailure.Kind.UNKNOWN_DOMAIN) {
                    throw e;
                }
            } finally {
                domain.free();
            }
        }
        return result;
    }

    static DomainSummary byName(NativeConnect connect, String name) {
        return summary(VirtErrors.check(VirtApi.virDomainLookupByName(connect.address(), name)));
    }

    static DomainSummary byUuid(NativeConnect connect, String uuid) {
        return summary(VirtErrors.check(VirtApi.virDomainLookupByUUIDString(connect.address(), uuid)));
    }

    static DomainSummary act(NativeConnect connect, String name, DomainAction action) {
        long domain = VirtErrors.check(VirtApi.virDomainLookupByName(connect.address(), name));
        try {
            VirtErrors.check(action.apply(domain));
        } catch (LibvirtFailure e) {
            throw explained(domain, action, e);
        }
        return summary(domain);
    }

    /** Some drivers call it an internal error when the state is what forbids the action. Gives the handle back. */
    private static LibvirtFailure explained(long domain, DomainAction action, LibvirtFailure failure) {
        try {
            DomainState state = summary(domain).state();
            return failure.kind() == LibvirtFailure.Kind.OTHER && !action.isPossibleIn(state)
                    ? failure.as(LibvirtFailure.Kind.INVALID_STATE)
                    : failure;
        } catch (LibvirtFailure second) {
            return failure;
        }
    }

    /** Reads a domain and gives its handle back. */
    private static DomainSummary summary(long domain) {
        try {
            String uuid = VirtApi.uuidOf(domain);
            if (uuid == null) {
                throw VirtErrors.last();
            }
            IntByReference state = new IntByReference();
            VirtErrors.check(VirtApi.virDomainGetState(domain, state, null, 0));
            // A driver that cannot say keeps definitions.
            boolean persistent = VirtApi.virDomainIsPersistent(domain) != 0;
            return new DomainSummary(uuid, VirtApi.nameOf(domain), DomainState.of(state.getValue()), persistent);
        } finally {
            VirtApi.virDomainFree(domain);
        }
    }
}
