package io.osevent.vertx.libvirt;

import io.vertx.core.Future;
import java.util.List;

/**
 * A connection as a {@link ManagedHost} uses it: libvirt's, or another library's in libvirt's words. What fails, fails with
 * a {@link LibvirtFailure}; one of kind {@link LibvirtFailure.Kind#CONNECTION_LOST} ends the connection.
 */
public interface HostConnection {

    /** Hears of what the other side tells. Called on the context that opened the connection. */
    interface Listener {

        /**
         * Something happened to a domain.
         *
         * @param event the event
         */
        void event(LibvirtEvent event);

        /**
         * The connection ended by itself.
         *
         * @param reason why, in one line
         */
        void lost(String reason);
    }

    /**
     * Begins to tell; called once, before anything else.
     *
     * @param listener hears of it
     */
    void listen(Listener listener);

    /**
     * Asks for a sign of life.
     *
     * @return completes if there was one
     */
    Future<Void> ping();

    /**
     * Lists all domains.
     *
     * @return the domains
     */
    Future<List<DomainSummary>> domains();

    /**
     * Looks a domain up.
     *
     * @param uuid the UUID as text
     * @return the domain, or a failure of kind {@link LibvirtFailure.Kind#UNKNOWN_DOMAIN}
     */
    Future<DomainSummary> domainByUuid(String uuid);

    /**
     * Acts on a domain.
     *
     * @param name the domain's name
     * @param action the action
     * @return the domain as it is afterwards
     */
    Future<DomainSummary> act(String name, DomainAction action);

    /**
     * Opens the console of a running domain.
     *
     * @param name the domain's name
     * @param device the alias of a console device, or null for the first
     * @return the console
     */
    Future<ConsoleStream> openConsole(String name, String device);

    /**
     * Says whether each change is an event. If not, domains are listed with each sign of life and after each action, and
     * what differs is told as synthetic events.
     *
     * @return false if only some changes are
     */
    boolean tellsAll();

    /**
     * Returns the events that were lost on this side.
     *
     * @return the number
     */
    long dropped();

    /**
     * Closes the connection.
     *
     * @return completes when nothing of it is left
     */
    Future<Void> close();
}
