package io.osevent.vertx.libvirt;

import org.libvirt.Connect;

/**
 * Blocking work with libvirt-java.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface LibvirtCall<T> {

    /**
     * Runs on a worker of the connection.
     *
     * @param connect the connection, to be neither kept nor closed
     * @return the result
     * @throws Exception whatever goes wrong; a LibvirtException keeps its code
     */
    T run(Connect connect) throws Exception;
}
