/**
 * The Vert.x face of libvirt-java: connections whose blocking calls return futures, domain events and consoles as
 * streams, and hosts that come back after an outage.
 */
package io.osevent.vertx.libvirt;
